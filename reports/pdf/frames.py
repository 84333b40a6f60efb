"""Messages between the server and its renderer: JSON with a length before it, read against a clock."""

import json
import os
import select
import time
from typing import Any

LENGTH = 8
CHUNK = 1 << 16


def send(stream: int, message: dict[str, Any]) -> None:
    """Write one message to a file descriptor; BrokenPipeError when nobody reads it."""
    body = json.dumps(message).encode()
    unsent = memoryview(len(body).to_bytes(LENGTH, "big") + body)
    while unsent:
        unsent = unsent[os.write(stream, unsent) :]


def receive(stream: int, seconds: float) -> dict[str, Any]:
    """The next message; EOFError when the other side has gone, TimeoutError when it stays silent."""
    until = time.monotonic() + seconds
    length = int.from_bytes(_exactly(stream, LENGTH, until), "big")
    message: dict[str, Any] = json.loads(_exactly(stream, length, until))
    return message


def _exactly(stream: int, size: int, until: float) -> bytes:
    chunks = bytearray()
    while len(chunks) < size:
        chunks += _some(stream, size - len(chunks), until)
    return bytes(chunks)


def _some(stream: int, size: int, until: float) -> bytes:
    ready, _, _ = select.select([stream], [], [], max(0.0, until - time.monotonic()))
    if not ready:
        raise TimeoutError
    chunk = os.read(stream, min(size, CHUNK))
    if not chunk:
        raise EOFError
    return chunk
