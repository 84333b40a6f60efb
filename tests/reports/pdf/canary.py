"""A web server and a file that nobody may reach from a report, and what tells that somebody did."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECRET = b"canary-8c1f-that-no-report-may-hold"


@dataclass
class Canary:
    """`url` answers anything with the secret, `url`/redirect by way of another address; `file` holds it."""

    file: Path
    url: str = ""
    hits: list[str] = field(default_factory=list)


@contextmanager
def canary(folder: Path) -> Iterator[Canary]:
    """`folder` and what is above it must be open to everyone, so that rights alone do not protect the secret."""
    found = Canary(folder / "secret.txt")
    found.file.write_bytes(SECRET)
    found.file.chmod(0o644)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def _handler(found: Canary) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.hits.append(self.path)
            self.send_response(302 if self.path == "/redirect" else 200)
            self.send_header("Location", f"{found.url}/redirected")
            self.end_headers()
            self.wfile.write(SECRET)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
