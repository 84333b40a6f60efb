"""Would you recommend us? 0–10; promoters (9–10) minus detractors (0–6)."""

from flask_babel import lazy_gettext as _l

from surveys.kinds.base import scale_kind

KIND = scale_kind("nps", 0, 10, ends=(_l("not at all likely"), _l("extremely likely")))
