"""Many cases of one test that all begin alike: `@each("words", WORDS)` sets up once what `pytest.mark.parametrize` sets up for each.

For tests that only look, or are refused, or leave nothing that the next case could mistake for its own. Each case is a
subtest: it fails alone, says which it was, and the others go on.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

import pytest

Test = Callable[..., None]
SUBTESTS = Parameter("subtests", Parameter.KEYWORD_ONLY)
LONGEST = 80
"""Characters of a case that its name shows; some are thousands long, or cannot be written down."""


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Called with these names for each of the cases, after one another, with the same fixtures."""
    given = [_named(names, case) for case in cases]
    assert given, "a test without a case proves nothing"

    def decorated(test: Test) -> Test:
        @wraps(test)
        def every(*, subtests: pytest.Subtests, **fixtures: Any) -> None:
            for case in given:
                with subtests.test(ascii(case)[:LONGEST]):
                    test(**fixtures, **case)

        every.__signature__ = _without(given[0], signature(test))  # type: ignore[attr-defined]
        return every

    return decorated


def _named(names: str | tuple[str, ...], case: Any) -> dict[str, Any]:
    return {names: case} if isinstance(names, str) else dict(zip(names, case, strict=True))


def _without(case: dict[str, Any], whole: Signature) -> Signature:
    """What pytest is to bring: all but what each case says."""
    kept = [
        p.replace(kind=Parameter.KEYWORD_ONLY) for name, p in whole.parameters.items() if name not in case
    ]
    return whole.replace(parameters=[*kept, SUBTESTS])
