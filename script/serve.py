"""Runs web and clock as one command: starts both, waits, stops both. Small, since it stays: stdlib only, no app."""

import os
import socket
import subprocess
import sys
import time
from typing import NoReturn

from script import bell, children
from script.children import Child, Children, Failed, fail

START = 60.0  # seconds from a prepared database to the first page
LOOK_EVERY = 0.05
UNSURE = {"PORT_FILE", "WEB_PROCESSES", "WEB_PROCESSES_FILE"}


def main() -> int:
    parts: Children = {}
    ear = bell.hang()
    try:
        ready = _start(ear, parts)
        _wait_for_page(ear, parts, int(ready["port"]))
        parts["clock"] = children.start("parts", "clock")
        _announce(ready)
        _wait_for_end(ear, parts)
    except bell.AskedToStop:
        return 0
    except Failed as failed:
        return int(failed.args[0])
    finally:
        children.stop(ear, parts)


def _start(ear: int, parts: Children) -> dict[str, str]:
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


def _web(port: str, processes: str, gate: int) -> Child:
    _refuse_taken(int(port))
    return children.start("parts", "web", port, processes, str(gate), pass_fds=(gate,))


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if 1024 <= port < 65535 else 8000
            fail(f"Port {port} cannot be used ({error.strerror}). Take another: PORT={other} script/server")


def _prepare(ear: int, parts: Children) -> dict[str, str]:
    """What script.preparing found, after it said on stderr what it did."""
    child = parts["preparation"] = children.start("preparing", stdout=subprocess.PIPE)
    while child.poll() is None:
        bell.pause(ear)
    del parts["preparation"]
    bell.pause(ear, 0)
    if child.returncode:
        raise Failed(max(child.returncode, 1))
    return dict(line.split(" ", 1) for line in child.communicate()[0].decode().splitlines())


def _wait_for_page(ear: int, parts: Children, port: int) -> None:
    until = time.monotonic() + START
    while not _answers(port):
        children.refuse_dead(parts)
        if time.monotonic() > until:
            fail(f"The web server did not answer within {START:.0f} s.")
        bell.pause(ear, LOOK_EVERY)


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


def _wait_for_end(ear: int, parts: Children) -> NoReturn:
    while True:
        children.refuse_dead(parts)
        bell.pause(ear)


if __name__ == "__main__":
    sys.exit(main())
