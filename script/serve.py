"""Runs web and clock as one command: starts both, waits, stops both. Small, since it stays: stdlib only, no app."""

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
START = 60.0  # seconds from a prepared database to the first page
LOOK_EVERY = 0.05
UNSURE = {"PORT_FILE", "WEB_PROCESSES", "WEB_PROCESSES_FILE"}

Part = subprocess.Popen[bytes]


class AskedToStop(Exception):
    pass


class Failed(Exception):
    """Carries the exit code; what went wrong has been said."""


def main() -> int:
    parts: dict[str, Part] = {}
    ear = _listen()
    try:
        ready = _start(ear, parts)
        _wait_for_page(ear, parts, int(ready["port"]))
        parts["clock"] = _child("parts", "clock")
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
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, lambda *_: None)
    return ear


def _pause(ear: int, seconds: float | None = None) -> None:
    """Until a signal comes or `seconds` have passed; AskedToStop when the signal says so."""
    if select.select([ear], [], [], seconds)[0] and ENDING.intersection(os.read(ear, 512)):
        raise AskedToStop


def _start(ear: int, parts: dict[str, Part]) -> dict[str, str]:
    """The web server imports while the database is prepared, and waits at the gate; returns what `_prepare` found."""
    gate, opener = os.pipe()
    port = _certain_port()
    if port:
        parts["web server"] = _web(port, "1", gate)
    ready = _prepare(ear, parts)
    if not port:
        parts["web server"] = _web(ready["port"], ready["processes"], gate)
    os.close(opener)
    return ready


def _certain_port() -> str:
    """The port, where it is plain before the settings are read and judged; else nothing."""
    port = os.environ.get("PORT") or "8000"
    plain = port.isascii() and port.isdecimal() and 0 < int(port) < 65536
    return port if plain and not UNSURE & os.environ.keys() else ""


def _web(port: str, processes: str, gate: int) -> Part:
    _refuse_taken(int(port))
    return _child("parts", "web", port, processes, str(gate), pass_fds=[gate])


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if 1024 <= port < 65535 else 8000
            _fail(f"Port {port} cannot be used ({error.strerror}). Take another: PORT={other} script/server")


def _prepare(ear: int, parts: dict[str, Part]) -> dict[str, str]:
    child = parts["preparation"] = _child("preparing", stdout=subprocess.PIPE)
    while child.poll() is None:
        _pause(ear)
    del parts["preparation"]
    if child.returncode:
        raise Failed(max(child.returncode, 1))
    return dict(line.split(" ", 1) for line in child.communicate()[0].decode().splitlines())


def _child(
    module: str, *arguments: str, stdout: int | None = None, pass_fds: list[int] | None = None
) -> Part:
    command = [sys.executable, "-m", f"script.{module}", str(os.getpid()), *arguments]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, pass_fds=pass_fds or ())


def _wait_for_page(ear: int, parts: dict[str, Part], port: int) -> None:
    until = time.monotonic() + START
    while not _answers(port):
        _refuse_dead(parts)
        if time.monotonic() > until:
            _fail(f"The web server did not answer within {START:.0f} s.")
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
    print(f"\nTerugkoppel runs at {ready['address']}")
    for role in ("manager", "agent"):
        if role in ready:
            print(f"Sign in once as the demo's {role}: {ready[role]}")
    if "hint" in ready:
        print(ready["hint"])
    print("Ctrl-C stops it.", flush=True)


def _wait_for_end(ear: int, parts: dict[str, Part]) -> NoReturn:
    while True:
        _refuse_dead(parts)
        _pause(ear)


def _refuse_dead(parts: dict[str, Part]) -> None:
    for name, part in parts.items():
        if part.poll() is not None:
            _fail(f"The {name} ended by itself (code {part.returncode}). Stopping the rest.")


def _fail(sentence: str) -> NoReturn:
    print(f"Error: {sentence}", file=sys.stderr, flush=True)
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


if __name__ == "__main__":
    sys.exit(main())
