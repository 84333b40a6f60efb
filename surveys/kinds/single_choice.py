"""One answer out of a list."""

from surveys.kinds.choice import choice_kind

KIND = choice_kind("single_choice")
