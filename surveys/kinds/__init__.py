"""The kinds of question, one file each: adding a kind is adding a file and naming it here."""

from surveys.kinds import contact, csat, emotion, long_text, nps, short_text, single_choice, yes_no
from surveys.kinds.base import Kind, Value

KINDS: dict[str, Kind] = {
    k.name: k
    for k in (m.KIND for m in (csat, nps, emotion, yes_no, single_choice, short_text, long_text, contact))
}

__all__ = ["KINDS", "Kind", "Value"]
