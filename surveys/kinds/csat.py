"""How satisfied are you? 1–5; the score is the share that says 4 or 5 (top-2-box)."""

from surveys.kinds.base import scale_kind

KIND = scale_kind("csat", 1, 5, "rating")
