"""The child process: `python -m outbox.outlets.messenger` reads its errands from standard input, and says what came of each.

It is the only place where Apprise is loaded. Each errand has a thread; what is not back in time is said to be late.
"""

import json
import os
import resource
import sys
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Any

MEMORY = 1 << 30
Answer = dict[str, Any]


def main() -> None:
    job = json.load(sys.stdin)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from outbox.outlets.guarding import guard

    guard(job["permitted"])
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    answers = _answers(job)
    sys.stdout.write(json.dumps(answers))
    sys.stdout.flush()
    os._exit(0)  # a thread that still waits for a gateway is left behind


def _end_with(parent: int) -> None:
    """Nobody waits for an answer any more."""
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)


def _answers(job: dict[str, Any]) -> list[Answer]:
    errands, back = job["errands"], SimpleQueue[tuple[int, Answer]]()
    for number, errand in enumerate(errands):
        threading.Thread(target=_run, args=(number, errand, job, back), daemon=True).start()
    answers: list[Answer] = [{"problem": "time"} for _ in errands]
    end = monotonic() + job["seconds"]
    with suppress(Empty):
        for _ in errands:
            number, answer = back.get(timeout=max(0.0, end - monotonic()))
            answers[number] = answer
    return answers


def _run(
    number: int, errand: dict[str, Any], job: dict[str, Any], back: SimpleQueue[tuple[int, Answer]]
) -> None:
    from outbox.outlets.carrying import carry

    try:
        back.put((number, carry(errand, job["keys"], job["permitted"])))
    except Exception as error:  # one errand never stops another
        back.put((number, {"problem": "broken", "reply": type(error).__name__}))


if __name__ == "__main__":
    main()
