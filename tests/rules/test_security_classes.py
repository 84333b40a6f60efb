"""Each class of vulnerability that we know of has a regression test with its marker (R3)."""

import ast
import tomllib
from collections import Counter
from functools import cache

import pytest

from core.settings import ROOT
from tests.rules.test_architecture import files

TESTS = ROOT / "tests"
CLASSES = tomllib.loads((TESTS / "security_classes.toml").read_text())


@cache
def marked() -> Counter[str]:
    """class → how many tests, or whole files of tests, carry its marker"""
    calls = (node for file in files("tests") for node in ast.walk(ast.parse(file.read_text())))
    return Counter(
        str(node.args[0].value)
        for node in calls
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "pytest.mark.security"
        and isinstance(node.args[0], ast.Constant)
    )


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_has_a_test(name: str) -> None:
    assert marked()[name], f"mark a regression test: @pytest.mark.security({name!r})"


def test_every_marker_names_a_class() -> None:
    assert not marked().keys() - CLASSES.keys()


def test_every_class_says_where_it_was_seen() -> None:
    assert all(len(found["seen"]) > 20 for found in CLASSES.values())
