"""A real SMTP server on a loopback port that keeps what it accepts and misbehaves on request."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Fault:
    """At `stage` of a connection: say `reply`, or fall silent, or hang up.

    `kept`: the mail was accepted all the same. `slow`: the reply comes when the sink's gate opens.
    """

    stage: str
    reply: str = ""
    hang_up: bool = False
    kept: bool = False
    slow: bool = False


logging.getLogger("mail.log").setLevel(logging.WARNING)  # each command otherwise
OK = Fault("none")
FAULTS = {
    "banner_silent": Fault("banner"),
    "banner_garbage": Fault("banner", "SSH-2.0-OpenSSH_9.6"),
    "banner_421": Fault("banner", "421 4.3.2 busy, try later", hang_up=True),
    "mail_421": Fault("mail", "421 4.7.0 too many connections"),
    "mail_451": Fault("mail", "451 4.3.0 try later"),
    "rcpt_421": Fault("rcpt", "421 4.7.0 slow down"),
    "rcpt_450": Fault("rcpt", "450 4.2.0 greylisted"),
    "rcpt_451": Fault("rcpt", "451 4.7.1 try again later"),
    "rcpt_452": Fault("rcpt", "452 4.2.2 mailbox full"),
    "rcpt_550_unknown": Fault("rcpt", "550 5.1.1 no such user"),
    "rcpt_550_policy": Fault("rcpt", "550 5.7.1 you are not welcome here"),
    "data_command_421": Fault("data_command", "421 4.3.2 shutting down"),
    "data_command_451": Fault("data_command", "451 4.3.0 not now"),
    "data_451": Fault("data", "451 4.3.0 local error"),
    "data_554": Fault("data", "554 5.6.0 spam refused"),
    "drop_before_accept": Fault("data", hang_up=True),
    "drop_after_accept": Fault("data", hang_up=True, kept=True),
    "no_final_reply": Fault("data", kept=True),
    "slow_final_reply": Fault("data", "250 2.0.0 at last", kept=True, slow=True),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """One accepted message as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.parsed["Message-ID"])


@dataclass
class Sink:
    """What arrived. `draw` chooses the fault of each new connection; `faults` queues some by name."""

    mails: list[Mail] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    port: int = 0
    draw: Callable[[], Fault] = lambda: OK
    queued: list[Fault] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    by_recipient: Callable[[str], Fault] | None = None
    """Chooses the fault of each mail instead, by its recipient."""
    pipelining: bool = True
    """Whether it says that it hears commands before it answered the last (RFC 2920), as nearly all do."""
    noted: Callable[[Mail], object] = lambda mail: None
    """Told of each mail before its sender is."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def then(self, names: Iterable[str]) -> None:
        """The next connections misbehave like this, in this order."""
        self.queued += [FAULTS[name] for name in names]

    def next_fault(self) -> Fault:
        self.connections += 1
        return self.queued.pop(0) if self.queued else self.draw()

    async def handle_EHLO(
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await server.misbehave("mail") or "250 2.1.0 sender fine"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        if self.by_recipient:
            server.fault = self.by_recipient(address)
        return await server.misbehave("rcpt") or "250 2.1.5 recipient fine"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        fault: Fault = server.fault
        if fault.stage != "data" or fault.kept:
            mail = Mail(
                envelope.mail_from or "", tuple(envelope.rcpt_tos), bytes(envelope.original_content or b"")
            )
            self.noted(mail)
            self.mails.append(mail)
        return await server.misbehave("data") or f"250 2.0.0 kept as {len(self.mails)}"


class Unruly(SMTP):
    """An SMTP conversation with one fault in it, once."""

    fault: Fault = OK

    def connection_made(self, transport: Any) -> None:
        sink = cast(Sink, self.event_handler)
        self.fault, sink.open = sink.next_fault(), sink.open + 1
        sink.most_open = max(sink.most_open, sink.open)
        if self.fault.stage != "banner":
            super().connection_made(transport)
        elif self.fault.reply:
            transport.write(self.fault.reply.encode() + b"\r\n")
        if self.fault.stage == "banner" and self.fault.hang_up:
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        cast(Sink, self.event_handler).open -= 1
        if self.fault.stage != "banner":
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self.fault.stage != "banner":
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return None if self.fault.stage == "banner" else super().eof_received()

    async def smtp_DATA(self, arg: str) -> None:
        refusal = await self.misbehave("data_command")
        await (self.push(refusal) if refusal else super().smtp_DATA(arg))

    async def misbehave(self, stage: str) -> str:
        if self.fault.stage != stage:
            return ""
        fault, self.fault = self.fault, OK
        if fault.hang_up:
            cast(asyncio.Transport, self.transport).abort()
        if fault.slow:
            gate = cast(Sink, self.event_handler).gate
            await asyncio.get_running_loop().run_in_executor(None, gate.wait, 60)
        if not fault.reply:
            await asyncio.Event().wait()
        return fault.reply


class SinkServer(Controller):
    """Runs a sink in a thread of its own until `stop()`."""

    def __init__(self, sink: Sink) -> None:
        self.sock = socket.create_server(("127.0.0.1", 0))
        sink.port = self.sock.getsockname()[1]
        super().__init__(sink, hostname="127.0.0.1", port=sink.port)

    def factory(self) -> SMTP:
        return Unruly(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.sock, ssl=self.ssl_context)
