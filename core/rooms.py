"""The rooms, lowest first, and their files by name: whoever adds one need not enter it in a list as well."""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from core.settings import ROOT

ROOMS = ("core", "outbox", "accounts", "customers", "surveys", "promises", "triage", "followup", "reports")


def modules(pattern: str) -> Iterator[ModuleType]:
    """Those whose file fits `pattern`, say `views*.py`, in every room and the folders in it."""
    for room in ROOMS:
        for file in sorted({*(ROOT / room).glob(pattern), *(ROOT / room).glob(f"*/{pattern}")}):
            yield import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
