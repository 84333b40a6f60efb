"""Lighthouse: one browser for all pages, as on a telephone and as on a desk."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

LOOKER = Path(__file__).parent / "lighthouse.mjs"
FORMS = ("mobile", "desktop")


def findings(addresses: Mapping[str, str], told: Any = print) -> list[str]:
    """A sentence for each page that has less than full marks, with what took them; `told` of each page as it is done."""
    found: list[str] = []
    for seen in _looks(
        {"name": name, "url": url, "form": form} for name, url in addresses.items() for form in FORMS
    ):
        found += _sentences(seen)
        told(f"{_marks(seen)}  {seen['name']}, {seen['form']}")
    return found


def _looks(pages: Iterable[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    work = json.dumps({"chromium": chromium(), "pages": list(pages)})
    with subprocess.Popen(
        ["node", str(LOOKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as looker:
        said, seen = cast("IO[str]", looker.stdin), cast("IO[str]", looker.stdout)
        said.write(work + "\n")
        said.close()
        yield from map(json.loads, seen)
    if looker.returncode:
        raise SystemExit("Lighthouse stopped before the end; what it said stands above.")


def chromium() -> str:
    found = os.environ.get("CHROME_PATH") or next(
        filter(None, map(shutil.which, ("chromium", "google-chrome"))), ""
    )
    if not found:
        raise SystemExit("Lighthouse needs Chromium. Set CHROME_PATH to one, or run script/bootstrap --dev.")
    return found


def _sentences(seen: Mapping[str, Any]) -> list[str]:
    where = f"{seen['name']}, {seen['form']}"
    if seen["failed"]:
        return [f"{where}: {seen['failed']}"]
    return [f"{where}: {id}: {title} {place}".strip() for id, title, place in seen["missed"]]


def _marks(seen: Mapping[str, Any]) -> str:
    return " ".join(f"{name} {score}" for name, score in seen["scores"].items())
