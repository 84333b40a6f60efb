"""script/bench: run the benchmarks that were named, print one JSON line a figure."""

import json
import sys
from importlib import import_module

NAMES = (
    "start",
    "memory",
    "page",
    "answer",
    "mail",
    "composing",
    "report",
    "export",
    "ticks",
    "ledger",
    "inbox",
    "forgetting",
)


def main(arguments: list[str]) -> int:
    quick = "--quick" in arguments
    wanted = [name for name in arguments if name != "--quick"] or list(NAMES)
    if unknown := [name for name in wanted if name not in NAMES]:
        print(f"There is no benchmark {unknown[0]!r}: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in wanted:
        for figure in import_module(f"script.benchmarks.{name}").measure(quick):
            print(json.dumps({"benchmark": name} | figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
