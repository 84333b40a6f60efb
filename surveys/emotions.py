"""The words for how somebody feels: customers choose one, staff sort by it."""

from flask_babel import lazy_gettext as _l

EMOTIONS = {
    "impatient": _l("impatient"),
    "frustrated": _l("frustrated"),
    "angry": _l("angry"),
    "disappointed": _l("disappointed"),
    "worried": _l("worried"),
    "neutral": _l("neutral"),
    "happy": _l("happy"),
    "grateful": _l("grateful"),
}
"""In the order in which people are helped; whoever answers is offered them the other way round."""
