"""A mail server that accepts everything, in a process of its own so that its CPU is not counted."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from script.benchmarks.serving import ROOT


class Accepting(asyncio.Protocol):
    """Just enough SMTP, with pipelining."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.rest, self.in_data = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Replies to one group of commands leave together, as RFC 2920 has it."""
        self.rest += data
        self.transport.write(b"".join(iter(self._step, b"")))

    def _step(self) -> bytes:
        end = b"\r\n.\r\n" if self.in_data else b"\r\n"
        head, found, rest = self.rest.partition(end)
        if not found:
            return b""
        self.rest = rest
        return self._answer(head)

    def _answer(self, line: bytes) -> bytes:
        if self.in_data:
            self.in_data = False
            return b"250 2.0.0 kept\r\n"
        word = line[:4].upper()
        self.in_data = word == b"DATA"
        return {
            b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
            b"DATA": b"354 go on\r\n",
            b"QUIT": b"221 bye\r\n",
        }.get(word, b"250 2.1.0 ok\r\n")


@contextmanager
def running() -> Iterator[int]:
    """Its port."""
    server = subprocess.Popen(
        [sys.executable, "-m", "script.benchmarks.sink"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.communicate()


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Accepting, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
