"""Processes that send the same forms at the same moment: `python -m tests.core.racer URL KEY FOLDER PROCESSES`.

Reads the forms as JSON from standard input. Each process sends every form once, in an order of its own, and
leaves in FOLDER what it was answered.
"""

import json
import os
import sys
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask

from app import create_app
from core.db import db
from core.settings import Settings


def main(url: str, key: str, folder: str, processes: str) -> int:
    forms, (wait, start) = json.load(sys.stdin), os.pipe()
    app = create_app(Settings(database_url=url, secret_key=key))  # once; no connection of its is shared
    with app.app_context():
        db.engine.dispose()
    children = [os.fork() or _race(app, forms, n, wait, start, Path(folder)) for n in range(int(processes))]
    os.close(start)  # the signal to go
    return max(os.waitpid(child, 0)[1] for child in children)


def _race(app: Flask, forms: list[dict[str, str]], seed: int, wait: int, start: int, folder: Path) -> int:
    """In the child; never returns."""
    os.close(start)
    client = app.test_client()
    Random(seed).shuffle(forms)
    os.read(wait, 1)
    answers: list[Any] = [
        (form["token"], client.post(form.get("path", "/s/bestelling"), data=form)) for form in forms
    ]
    said = [[token, answer.status_code, answer.headers.get("Location")] for token, answer in answers]
    (folder / f"{seed}.json").write_text(json.dumps(said))
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
