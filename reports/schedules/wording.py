"""How a schedule is called on pages."""

from flask_babel import lazy_gettext as _l

EVERY = {
    "week": _l("Every week"),
    "month": _l("Every month"),
    "quarter": _l("Every quarter"),
    "round": _l("After every round"),
}
WHY = {
    "stopped": _l("asked for no more of it"),
    "left": _l("left the organisation, and gets no more"),
}
