"""A chat program on a socket of this machine: it keeps what it is sent, and answers as the address asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS = {
    "no": (200, '{"ok": false, "error": "channel_not_found"}'),
    "bad": (404, "no such\nhook"),
    "echo": (403, "wrong token"),
    "moved": (302, ""),
    "long": (200, "x" * 10_000_000),
    "yes": (200, '{"ok": true}'),
    "wrong": (400, '{"error": "no such number"}'),
    "penniless": (402, '{"error": "no credit left"}'),
    "busy": (429, "slower, please"),
    "fault": (500, "oh no"),
    "gone": (503, "come back later"),
    "repeats": (422, ""),
    "sms": (200, '{"result": {"message_id": 7, "status": "ok"}}'),
    "riddle": (200, '{"result": {"message_id": 7, "status": "who knows"}}'),
}
"""last word of the address → what it answers; "ok" to every other"""
HANGS = 30.0


class Gateway(ThreadingHTTPServer):
    """`heard`: (path, body) of each request, also of one that followed a redirect."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.heard: list[tuple[str, str]] = []
        self.answers: dict[str, tuple[int, str]] = {}
        """What it answers from now on instead."""
        self.over = threading.Event()

    def address(self, word: str, scheme: str = "json") -> str:
        return f"{scheme}://127.0.0.1:{self.server_port}/a-secret-of-the-channel-3f2a/{word}"

    @property
    def texts(self) -> list[str]:
        return [body for _path, body in self.heard]


class _Talk(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.heard.append((self.path, body))
        word = self.path.rpartition("/")[2]
        if word == "hang":
            self.server.over.wait(HANGS)
        if word == "drop":
            self.close_connection = True
            return
        status, said = self.server.answers.get(word) or ANSWERS.get(word, (200, "ok"))
        said += {"echo": f" {self.path}", "repeats": body}.get(word, "")
        self.send_response(status)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/followed")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        with suppress(OSError):  # whoever asked may have hung up
            self.wfile.write(said.encode())

    do_GET = do_POST  # noqa: N815 - the name that the library calls

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()
