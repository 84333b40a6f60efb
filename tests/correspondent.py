"""Somebody at a mail program: reads what came, and answers it as such a program does."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid

from tests.sink import Mail


@dataclass(frozen=True, slots=True)
class Correspondent:
    """`quote`: how their program says who wrote what is quoted, `{words}` being what the person typed."""

    name: str = "Rita Ritsema"
    address: str = "rita@example.com"
    quote: str = "{words}\n\nOp ma 23 nov 2026 om 10:31 schreef {sender}:\n\n{quoted}\n"

    def answer(self, mail: Mail, words: str) -> EmailMessage:
        """To where it asks for answers, below it in the conversation."""
        read = mail.parsed
        made = EmailMessage()
        made["From"] = f"{self.name} <{self.address}>"
        made["To"] = str(read["Reply-To"] or read["From"])
        made["Subject"] = read["Subject"] if read["Subject"].startswith("Re:") else f"Re: {read['Subject']}"
        made["Message-ID"] = make_msgid(domain="mail.example.com")
        made["In-Reply-To"] = mail.message_id
        made["References"] = f"{read['References'] or ''} {mail.message_id}".strip()
        body = read.get_body(("plain",))
        quoted = "\n".join(f"> {line}" for line in (body.get_content() if body else "").splitlines())
        made.set_content(self.quote.format(words=words, sender=read["From"], quoted=quoted))
        return made
