"""Python's collector looks at every object again and again, also at the hundred thousand that imports leave for good."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 20
"""Objects, and rounds of the generation below, before a generation is looked through; Python's own are 700, 10, 10."""


def be_patient() -> None:
    """Done by the first import of a room: what imports leave stays, and to look through it meanwhile was a sixth of a start."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def settle() -> None:
    """Call once, when a process is ready to work: what is there by now stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    be_patient()
