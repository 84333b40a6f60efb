"""What tests cost: seconds of processor, also of the children that ended during a test. `script/test --costs 20` lists them.

A clock on the wall says as much about what else the machine does.
"""

import os
from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest

Phase = Generator[None, Any, Any]


class Costs:
    """In each process it measures; in the one that was started it adds up what the others report."""

    def __init__(self, shown: int) -> None:
        self.shown, self._phase = shown, 0.0
        self.spent: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Phase:
        return (yield from self._measured())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Phase:
        return (yield from self._measured())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Phase:
        return (yield from self._measured())

    def _measured(self) -> Phase:
        begin = _spent()
        try:
            return (yield)
        finally:
            self._phase = _spent() - begin

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, Any]:
        """Of a subtest it is asked in the middle of a phase: that costs nothing of its own."""
        report = yield
        report.cost, self._phase = self._phase, 0.0
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.spent[report.nodeid.partition("::")[0]] += getattr(report, "cost", 0.0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        folders: dict[str, float] = defaultdict(float)
        for file, cost in self.spent.items():
            folders["/".join(file.split("/")[:2])] += cost
        terminalreporter.section(f"{sum(self.spent.values()):.0f} s of processor")
        for name, cost in [*_dearest(folders), *_dearest(self.spent)[: self.shown]]:
            terminalreporter.write_line(f"{cost:8.1f} s  {name}")


def _dearest(costs: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(costs.items(), key=lambda item: -item[1])


def _spent() -> float:
    return sum(os.times()[:4])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", type=int, default=0, help="list so many files by the processor they took")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.costs:
        config.pluginmanager.register(Costs(config.option.costs), "costs")
