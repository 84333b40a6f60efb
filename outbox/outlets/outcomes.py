"""What came of an errand, as a sentence for whoever set the place up: what is the matter, and what to do."""

from flask_babel import gettext as _

from outbox.outlets.addresses import GATEWAYS, SERVICES
from outbox.outlets.errands import SECONDS, Outcome


def sentence(outcome: Outcome, *, texts: bool = False) -> str:
    """Empty when it went well. `texts`: of a gateway of text messages."""
    if texts and outcome.problem == "service":
        return _(
            "Text messages can go out through %(services)s. This address is of something else.",
            services=gateways(),
        )
    return _of_address(outcome) or _of_delivery(outcome)


def services() -> str:
    return ", ".join(dict.fromkeys(SERVICES.values()))


def gateways() -> str:
    return ", ".join(GATEWAYS.values())


def _of_address(outcome: Outcome) -> str:
    said, reply = outcome.problem, outcome.reply
    sentences = {
        "address": _("This is no address that we can read. It looks like slack://… or workflows://…; how to find yours stands in the documentation of Apprise."),
        "service": _("Alerts can go to %(services)s. This address is of something else.", services=services()),
        "part": _("Leave “%(part)s” out of the address: behind the question mark stands only where in the chat it goes.", part=reply),
        "plain": _("This address sends without encryption. Take the one with an s: jsons, xmls, mmosts, rockets."),
        "host": _("There is no host “%(host)s”.", host=reply),
        "private": _("“%(host)s” lies within a private network. Whoever runs this installation can permit it with ALERT_HOSTS.", host=reply),
        "permitted": _("Nothing leaves this machine from a demo, or before SMTP_URL is set, but to hosts that ALERT_HOSTS names."),
    }  # fmt: skip
    return sentences.get(said, "")


def _of_delivery(outcome: Outcome) -> str:
    said, reply = outcome.problem, outcome.reply
    sentences = {
        "": "",
        "sealed": _("The address cannot be read any more: it was sealed with another SECRET_KEY. Give it once more."),
        "removed": _("This was removed meanwhile."),
        "held": _("Nothing is sent while mail is on hold. Look at the mailbox."),
        "time": _("It did not answer within %(n)d seconds.", n=int(SECONDS)),
        "refused": _("It could not be reached: %(why)s.", why=reply or _("nobody answers there")),
        "redirect": _("It sends us on to another address, which we do not follow. Give the address itself."),
        "answer": _("It did not take it: %(reply)s", reply=reply),
        "said_no": _("It answered, and said no: %(reply)s", reply=reply),
    }  # fmt: skip
    return sentences.get(said, _("It could not be sent. The next try may work."))
