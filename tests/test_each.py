"""Cases that are set up once each fail as if they were alone."""

import pytest

from tests.each import each

pytest_plugins = ["pytester"]
FILE = """
    import pytest
    from tests.each import each

    made = []

    @pytest.fixture
    def world():
        made.append(1)
        return len(made)

    @each("n", [1, 2, 3, 4])
    def test_none_is_even(world, n):
        assert n % 2, "even"

    @pytest.mark.parametrize("more", [0, 1])
    @each(("a", "b"), [(1, 1), (2, 2)])
    def test_equal(world, a, b, more):
        assert a == b

    def test_how_often():
        assert len(made) == 3, "once for each test, and each of its own parameters"
"""


def test_each_case_fails_alone_and_says_which_it_was(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FILE)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q")
    result.stdout.fnmatch_lines(["*{'n': 2}*", "*{'n': 4}*"])
    result.stdout.no_fnmatch_line("*{'n': 3}*")
    found = result.parseoutcomes()
    assert (found["failed"], found["passed"]) == (3, 3), "two cases, and the test that holds them"
    assert result.ret == 1


def test_without_a_case_there_is_nothing_to_prove() -> None:
    with pytest.raises(AssertionError):
        each("n", [])
