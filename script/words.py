"""The words people read: taken from code and templates, and held against the catalogues in translations/."""

import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from script import familiar

FOLDER = Path("translations")
KEYWORDS = ("lazy_gettext", "_l", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")
SHOWN = 20


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        _extract(template)
        if arguments[:1] == ["add"]:
            _pybabel("init", "-i", str(template), "-d", str(FOLDER), "-l", arguments[1])
        if arguments == ["update"]:
            _update(template)
            familiar.update(FOLDER / "nl" / "LC_MESSAGES")
            _compile()
        return _report(_read(template))


def _extract(template: Path) -> None:
    keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    _pybabel(
        "extract",
        "-F",
        "pyproject.toml",
        *keywords,
        "--add-location=file",
        "--project=Terugkoppel",
        "-o",
        str(template),
        ".",
    )


def _update(template: Path) -> None:
    """New words come in empty: a guess at a translation is worse than none."""
    quietly = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--no-wrap")
    _pybabel("update", "-i", str(template), "-d", str(FOLDER), *quietly)


def _compile() -> None:
    domains = sorted({file.stem for file in FOLDER.glob("*/LC_MESSAGES/*.po")})
    _pybabel("compile", "-d", str(FOLDER), "-D", " ".join(domains))


def _pybabel(command: str, *arguments: str) -> None:
    CommandLineInterface().run(  # type: ignore[no-untyped-call]
        ["pybabel", "-q", command, *arguments]
    )


def _report(template: Catalog) -> int:
    """Say what is missing, fuzzy or no longer used in each language; 1 when anything is."""
    catalogues = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))
    wrong = [line for file in catalogues for line in [*_faults(template, file), *familiar.faults(file)]]
    print("\n".join(wrong[:SHOWN]) or f"{len(template)} texts, all of them in {_languages(catalogues)}.")
    if len(wrong) > SHOWN:
        print(f"… and {len(wrong) - SHOWN} more.")
    return int(bool(wrong) or not catalogues)


def _languages(catalogues: list[Path]) -> str:
    return ", ".join(file.parts[-3] for file in catalogues) or "no language: translations/ is empty"


def _faults(template: Catalog, file: Path) -> list[str]:
    catalogue = _read(file)
    wanted = [(message, catalogue.get(message.id, message.context)) for message in template if message.id]
    faults = [f"{file}: {why}: {_text(message)!r}" for message, found in wanted if (why := _fault(found))]
    gone = [message for message in catalogue if message.id and not template.get(message.id, message.context)]
    return faults + [f"{file}: no longer used: {_text(message)!r}" for message in gone]


def _fault(found: Message | None) -> str:
    if not found or not found.string or (isinstance(found.string, tuple) and not all(found.string)):
        return "not translated"
    return "fuzzy" if found.fuzzy else ""


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
