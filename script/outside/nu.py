"""The Nu HTML checker (vnu.jar): one start of Java for all pages."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

JAR = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"
SHOWN = 3
FIRST = "The first occurrence of"
"""How a remark begins that only says where the other half of the one before it is."""


def findings(pages: Mapping[str, str]) -> list[str]:
    """A sentence for each thing that is wrong or merely doubtful, with the pages on which it stands."""
    where: dict[str, list[str]] = defaultdict(list)
    for message in _messages(pages):
        if not message["message"].startswith(FIRST):
            where[message["message"]].append(f"{message['page']}, line {message.get('lastLine', 1)}")
    return [f"{message} {_places(places)}" for message, places in where.items()]


def _messages(pages: Mapping[str, str]) -> list[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        files = {Path(folder, f"{n}.html"): name for n, name in enumerate(pages)}
        for file, name in files.items():
            file.write_text(pages[name])
        found = _checked(folder)
    names = {file.as_uri(): name for file, name in files.items()}
    return [{**message, "page": names[_slashes(message["url"])]} for message in found]


def _checked(folder: str) -> list[dict[str, Any]]:
    command = ["java", "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always", folder]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if not ran.stdout:
        raise SystemExit(f"The Nu HTML checker said nothing: {ran.stderr.strip()[:500]}")
    messages: list[dict[str, Any]] = json.loads(ran.stdout)["messages"]
    return messages


def _slashes(url: str) -> str:
    """Java writes file:/tmp, Python file:///tmp."""
    return "file:///" + url.removeprefix("file:").lstrip("/")


def _places(places: list[str]) -> str:
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return f"({'; '.join(places[:SHOWN])}{more})"
