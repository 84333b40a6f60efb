"""No mail server: every message stays here, to be read at /mailbox."""

from collections.abc import Callable

from outbox.channels import Beat
from outbox.letters import Envelope, Outcome

KEPT = Outcome("sent", reply="kept in /mailbox: no SMTP_URL is set", kept=True, asked=False)


class Mailbox:
    """Keeps everything and sends nothing."""

    channel = "mail"
    server = ""
    leaves = False

    def offer(self, envelope: Envelope, beat: Beat) -> Outcome | None:  # noqa: ARG002
        return None

    def transmit(
        self,
        envelope: Envelope,  # noqa: ARG002
        following: Envelope | None,  # noqa: ARG002
        beat: Beat,  # noqa: ARG002
        meanwhile: Callable[[], object] = lambda: None,  # noqa: ARG002
    ) -> Outcome:
        return KEPT

    def close(self) -> None:
        return None
