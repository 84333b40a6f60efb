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

from app import create_app
from core.settings import Settings


def main(url: str, key: str, folder: str, processes: str) -> int:
    forms, (wait, start) = json.load(sys.stdin), os.pipe()
    children = [
        os.fork() or _race(Settings(database_url=url, secret_key=key), forms, n, wait, start, Path(folder))
        for n in range(int(processes))
    ]
    os.close(start)  # the signal to go
    return max(os.waitpid(child, 0)[1] for child in children)


def _race(
    settings: Settings, forms: list[dict[str, str]], seed: int, wait: int, start: int, folder: Path
) -> int:
    """In the child; never returns."""
    os.close(start)
    client = create_app(settings).test_client()
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
