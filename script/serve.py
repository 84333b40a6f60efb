"""Runs web and clock as one command: starts both, waits, and stops both. Small, since it stays: stdlib only, no app."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from typing import NoReturn

ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
GRACE = 20.0  # seconds to end by themselves; systemd and the like wait 25 or longer
START = 60.0  # seconds until the first page
LOOK_EVERY = 0.05

Part = subprocess.Popen[bytes]


class AskedToStop(Exception):
    pass


class Failed(Exception):
    """Carries the exit code; what went wrong has been said."""


def main() -> int:
    parts: dict[str, Part] = {}
    ear = _listen()
    try:
        ready = _start_web(ear, parts)
        _wait_for_page(ear, parts, int(ready["port"]))
        parts["clock"] = _child("clock")
        _announce(ready)
        _wait_for_end(ear, parts)
    except AskedToStop:
        return 0
    except Failed as failed:
        return int(failed.args[0])
    finally:
        _stop(ear, parts)


def _listen() -> int:
    """A file descriptor that a byte arrives at with every signal, so that waiting needs no polling and no threads."""
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    for number in (*ENDING, signal.SIGCHLD):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, lambda *_: None)
    return ear


def _pause(ear: int, seconds: float | None = None, *pipes: int) -> bool:
    """Until a signal comes, `seconds` have passed or a pipe can be read (True); AskedToStop when the signal says so."""
    heard = select.select([ear, *pipes], [], [], seconds)[0]
    if ear in heard and ENDING.intersection(os.read(ear, 512)):
        raise AskedToStop
    return any(pipe in heard for pipe in pipes)


def _start_web(ear: int, parts: dict[str, Part]) -> dict[str, str]:
    """What the web server says before it serves, as its lines `name value`: port, address, links to sign in with."""
    report, pipe = os.pipe()
    web = parts["web server"] = _child("web", pipe)
    os.close(pipe)
    with os.fdopen(report) as lines:
        while not _pause(ear, None, report):
            continue
        facts = dict(line.rstrip("\n").split(" ", 1) for line in lines)
    if not facts:
        raise Failed(max(web.wait(), 1))
    return facts


def _child(part: str, *pipes: int) -> Part:
    command = [sys.executable, "-m", "script.parts", part, str(os.getpid()), *map(str, pipes)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=pipes)


def _wait_for_page(ear: int, parts: dict[str, Part], port: int) -> None:
    until = time.monotonic() + START
    while not _answers(port):
        _refuse_dead(parts)
        if time.monotonic() > until:
            _say(f"Error: the web server did not answer within {START:.0f} s.")
            raise Failed(1)
        _pause(ear, LOOK_EVERY)


def _answers(port: int) -> bool:
    """One request by hand: http.client would stay in memory for good."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as page:
            page.sendall(f"GET /healthz?part=web HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            return page.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def _announce(ready: dict[str, str]) -> None:
    print(f"\nTerugkoppel runs at {ready['address']}", flush=True)
    for role in ("manager", "agent"):
        if role in ready:
            print(f"Sign in once as the demo's {role}: {ready[role]}", flush=True)
    if "hint" in ready:
        print(ready["hint"], flush=True)
    print("Ctrl-C stops it.", flush=True)


def _wait_for_end(ear: int, parts: dict[str, Part]) -> NoReturn:
    while True:
        _pause(ear)
        _refuse_dead(parts)


def _refuse_dead(parts: dict[str, Part]) -> None:
    for name, part in parts.items():
        if part.poll() is not None:
            _say(f"Error: the {name} ended by itself (code {part.returncode}). Stopping the rest.")
            raise Failed(1)


def _stop(ear: int, parts: dict[str, Part]) -> None:
    """Ask all, give them time, then end what is left."""
    for part in parts.values():
        part.terminate()
    until = time.monotonic() + GRACE
    while _alive(parts) and time.monotonic() < until:
        try:
            _pause(ear, until - time.monotonic())
        except AskedToStop:
            continue  # we are stopping; asking twice does not lose what is in hand
    for part in _alive(parts):
        part.kill()
        part.wait()


def _alive(parts: dict[str, Part]) -> list[Part]:
    return [part for part in parts.values() if part.poll() is None]


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
