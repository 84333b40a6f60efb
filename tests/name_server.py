"""A real name server on a loopback port: it answers what a test gives it, nothing else, or nobody."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class NameServer:
    """`records`: (name, type) → what stands there; `rcode`: says this instead; `silent`: hears and says nothing."""

    port: int = 0
    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    silent: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def text(self, name: str, *texts: str) -> None:
        """TXT records, in pieces of 200 characters as long ones are written."""
        self.records[name, "TXT"] = [
            " ".join(f'"{text[n : n + 200]}"' for n in range(0, len(text), 200)) for text in texts
        ]

    def answer(self, wire: bytes) -> bytes | None:
        question = dns.message.from_wire(wire)
        name = question.question[0].name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append((name, kind))
        if self.silent:
            return None
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        there = [key for key in self.records if key[0] == name]
        reply.set_rcode(self.rcode or (dns.rcode.NOERROR if there else dns.rcode.NXDOMAIN))
        if held := self.records.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *held))
        return reply.to_wire()


@contextmanager
def running() -> Iterator[NameServer]:
    server = NameServer()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        server.port = wire.getsockname()[1]
        serving = threading.Thread(target=_serve, args=(server, wire), daemon=True)
        serving.start()
        yield server
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", wire.getsockname())
        serving.join()


def _serve(server: NameServer, wire: socket.socket) -> None:
    while True:
        question, asker = wire.recvfrom(4096)
        if not question:
            return
        if reply := server.answer(question):
            wire.sendto(reply, asker)
