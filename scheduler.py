"""The clock: one readable list of ticks, and a process that runs them.

It loads rows and words but no pages. Any number of clocks may run at once; what must happen once is
made sure of by rows, never by this process.
"""

import os
import signal
import sys
import threading
from datetime import timedelta
from queue import SimpleQueue
from typing import TYPE_CHECKING

from flask import Flask

from core import clock, garbage, schema
from core.application import bare_app
from core.errors import DomainError
from core.jobs import Tick, run
from followup import composing, default_closing, falling_back, gratitude, no_news, receipts, replies, sweeping
from followup.alerts import alerting, alerting_outlets, alerting_writing
from followup.corrections import retelling
from followup.digests import escalating, retelling_digests
from followup.imports import jobs as importing_jobs
from followup.invitations import check_back
from followup.many import bulk
from followup.plans import delaying_each
from followup.rendering import warm_up
from followup.steps import carrying_out
from outbox import jobs as outbox_jobs
from outbox.claiming import stopping
from reports import jobs as report_jobs
from reports.erasure import erasing_jobs
from reports.retention import keeping_jobs
from reports.schedules import schedule_jobs
from surveys import jobs as survey_jobs

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

OFTEN = timedelta(seconds=2)
STOP_SECONDS = 15

TICKS = (
    Tick("mail in", timedelta(seconds=20), outbox_jobs.fetch_mail),
    Tick("replies", OFTEN, replies.attach_replies),
    Tick("receipts", OFTEN, receipts.compose_receipts),
    Tick("large steps", OFTEN, carrying_out.carry_out_steps),
    Tick("bulk work", OFTEN, bulk.do_bulk_work),
    Tick("imports", timedelta(seconds=10), importing_jobs.do_imports),
    Tick("digests", timedelta(minutes=5), escalating.escalate_digests),
    Tick("updates", OFTEN, composing.compose_due),
    Tick("compliments", OFTEN, gratitude.pass_on_compliments),
    Tick("corrections", OFTEN, retelling.compose_corrections),
    Tick("corrections of digests", OFTEN, retelling_digests.compose_digest_corrections),
    Tick("fallbacks", OFTEN, falling_back.fall_back),
    Tick("dates that move", OFTEN, delaying_each.move_the_rest),
    Tick("moves", OFTEN, no_news.compose_moves),
    Tick("no news", timedelta(minutes=1), no_news.compose_no_news),
    Tick("default closings", timedelta(minutes=5), default_closing.close_by_default),
    Tick("alerts", timedelta(minutes=5), alerting.alert_managers),
    Tick("alerts to staff", timedelta(minutes=1), alerting_writing.alert_staff),
    Tick("alerts in chat", timedelta(minutes=1), alerting_outlets.alert_outlets),
    Tick("check-backs", timedelta(minutes=10), check_back.compose_check_backs),
    Tick("invitations", OFTEN, survey_jobs.send_invitations),
    Tick("reminders", timedelta(minutes=10), survey_jobs.remind_the_silent),
    Tick("hand back", OFTEN, outbox_jobs.hand_back),
    Tick("delivery", OFTEN, outbox_jobs.deliver_due),
    Tick("text messages", OFTEN, outbox_jobs.deliver_texts),
    Tick("alarms", timedelta(minutes=1), outbox_jobs.post_alarms),
    Tick("reports on a schedule", timedelta(minutes=1), schedule_jobs.ask_on_schedule),
    Tick("reports", OFTEN, report_jobs.render_due),
    Tick("report mail", timedelta(seconds=10), schedule_jobs.mail_reports),
    Tick("erasures", timedelta(seconds=10), erasing_jobs.finish_erasures),
    Tick("past its time", timedelta(hours=1), keeping_jobs.forget_past_time),
    Tick("records", timedelta(minutes=5), report_jobs.count_records),
    Tick("unfinished answers", timedelta(hours=1), survey_jobs.forget_unfinished),
    Tick("sweep", timedelta(hours=1), sweeping.sweep),
)


def main() -> int:
    """Run until TERM or INT; what was claimed is finished or handed back."""
    try:
        app = bare_app()
        with app.app_context():
            schema.require_current()
            warm_up()
    except DomainError as error:
        print(error.sentence, file=sys.stderr)
        return 2
    garbage.settle()
    _run_until_told(app)
    return 0


def _run_until_told(app: Flask) -> None:
    told: SimpleQueue[int] = SimpleQueue()  # its put may be interrupted by itself; an Event's set may not
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _frame: told.put(signum))
    app.extensions["ticks"] = TICKS
    scheduler = _scheduler(app)
    scheduler.start()
    while told.empty():
        signal.sigtimedwait([], 0.5) if hasattr(signal, "sigtimedwait") else signal.pause()
    stopping.set()
    _end_within(STOP_SECONDS)
    scheduler.shutdown(wait=True)


def _end_within(seconds: float) -> None:
    """A tick that does not end is left behind: what it claimed is handed back from its rows."""
    end = threading.Timer(seconds, os._exit, (0,))
    end.daemon = True
    end.start()


def _scheduler(app: Flask) -> "BackgroundScheduler":
    """A thread per tick, so that a slow report never stops the mail. No web process ever comes here."""
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": {"type": "threadpool", "max_workers": len(TICKS)}},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
    )
    for tick in TICKS:
        scheduler.add_job(
            _beat,
            "interval",
            [app, tick],
            seconds=tick.every.total_seconds(),
            id=tick.name,
            next_run_time=clock.now(),
        )
    return scheduler


def _beat(app: Flask, tick: Tick) -> None:
    with app.app_context():
        run(tick, clock.now())


if __name__ == "__main__":
    sys.exit(main())
