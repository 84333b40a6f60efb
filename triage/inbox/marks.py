"""How a fact about a comment is written among the words it is found by: `#s12` is survey 12, `#efrustrated` an emotion."""

import re

KINDS = {
    "organisation": "o", "survey": "s", "round": "r", "channel": "c", "language": "l", "score": "p", "emotion": "e", "theme": "t",
    "assignee": "a", "customer": "k",
}  # fmt: skip
_SIGNS = re.compile("[^a-z0-9]")


def mark(kind: str, value: object) -> str:
    """No sign in it but the first: what people type is never one."""
    return f"#{KINDS[kind]}{_SIGNS.sub('', str(value).lower())}"
