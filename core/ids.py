"""Ids that arrive from outside: in an address, in a form."""

from werkzeug.routing import IntegerConverter, ValidationError

LAST = 2**63 - 1
"""The greatest number that a column of ids can hold."""


def row_id(text: str) -> int:
    """The id, for `request.args.get(…, type=row_id)`; ValueError for what no row can have."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LAST:
        raise ValueError(f"no id: {text[:20]}")
    return int(text)


class RowId(IntegerConverter):
    """`<int:…>` in a route: what no row can have is an unknown address, not a failure of the database."""

    def to_python(self, value: str) -> int:
        try:
            return row_id(value)
        except ValueError:
            raise ValidationError from None
