"""A text message: what a gateway is given, and what its answer means.

What counts as evidence is the gateway's acceptance. Whether the phone was switched on, nobody tells us. A clear no is
tried again where it is about the gateway, and final where it is about this message; anything else that came after the
request began is unknown, since whoever sends that again may send it twice.
"""

from outbox.letters import Letter, Outcome
from outbox.outlets import errands
from outbox.slots import filled

LONGEST = 480
"""Characters of a text: three or four parts in the alphabet of telephones, which each phone shows as one."""
ABOUT_IT = ("400", "413", "422")
"""HTTP answers that are about this number or these words, and not about the gateway."""
KEPT = Outcome("sent", reply="kept in /mailbox: nothing leaves this machine", kept=True, asked=False)


def words_of(letter: Letter) -> str:
    """As they are sent, with the link of the respondent's page; nothing where they are lost."""
    return filled(letter.text, letter.slot, letter.links).strip() if letter.text else ""


def meaning(answer: errands.Outcome, service: str) -> Outcome:
    """What becomes of the message."""
    if not answer.problem:
        return Outcome("sent", reply=f"accepted by {service}: {answer.reply}")
    said = f"{service}, {answer.problem}: {answer.reply}".rstrip(": ")
    if not answer.refused:
        return Outcome("unknown", reply=f"No clear answer after it was handed over. {said}")
    return Outcome("failed" if is_about_it(answer) else "retry", reply=said)


def is_about_it(answer: errands.Outcome) -> bool:
    """A clear no to this message: the next one may fare better."""
    said_no = answer.problem == "said_no" or (
        answer.problem == "answer" and answer.reply.startswith(ABOUT_IT)
    )
    return answer.refused and said_no
