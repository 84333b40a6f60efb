"""The familiar form of the texts that address their reader: `je.po` beside the `messages.po` of a language that has both."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

FORMAL = re.compile(r"\b(u|uw|uzelf|uwe)\b", re.IGNORECASE)


def faults(messages: Path) -> list[str]:
    """What is missing, still formal or no longer formal in the catalogue beside `messages`; nothing without one."""
    file = messages.with_name("je.po")
    if not file.exists():
        return []
    formal, familiar = _addressing(_read(messages)), _read(file)
    wrong = [f"{file}: {why}: {_id(m)!r}" for m in formal if (why := _fault(_same(familiar, m)))]
    wanted = {(m.id, m.context) for m in formal}
    gone = [m for m in familiar if m.id and (m.id, m.context) not in wanted]
    return wrong + [f"{file}: does not say u: {_id(m)!r}" for m in gone]


def update(folder: Path) -> None:
    """Texts that have begun to address their reader come in empty; those that no longer do go."""
    if not (folder / "je.po").exists():
        return
    held, fresh = _read(folder / "je.po"), _read(folder / "messages.po")
    head, dates = "# The familiar form: je.", (held.creation_date, held.revision_date)
    familiar = Catalog(
        "nl", None, head, "Terugkoppel", creation_date=dates[0], revision_date=dates[1], fuzzy=False
    )
    for message in _addressing(fresh):
        known = _same(held, message)
        familiar.add(message.id, known.string if known else "", context=message.context)
    with (folder / "je.po").open("wb") as file:
        write_po(file, familiar, width=0)


def _addressing(catalogue: Catalog) -> list[Message]:
    return [m for m in catalogue if m.id and any(FORMAL.search(text) for text in _texts(m))]


def _fault(found: Message | None) -> str:
    texts = list(_texts(found)) if found else []
    if not texts or not all(texts):
        return "not translated"
    return "still says u" if any(FORMAL.search(text) for text in texts) else ""


def _texts(message: Message) -> Iterator[str]:
    yield from (message.string,) if isinstance(message.string, str) else message.string or ()


def _same(catalogue: Catalog, message: Message) -> Message | None:
    return catalogue.get(message.id, message.context)


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened)
