"""What two checkers from outside find in every page: python -m script.looking [nu] [lighthouse], both unless said.

A line for each thing found, each a sentence with the pages on which it stands. Ends with 1 where there is any.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from script import looked_at
from script.outside import lighthouse, nu
from tests.public_pages import LANGUAGES, spoken

STEPS = "step "
"""A question a page: each kind of question stands on the page with all of them too."""


def main(arguments: list[str]) -> int:
    unknown = [name for name in arguments if name not in CHECKERS]
    if unknown:
        print(f"There is no checker {unknown[0]}; these are: {', '.join(CHECKERS)}.", file=sys.stderr)
        return 2
    logging.disable()
    found = [sentence for name in arguments or CHECKERS for sentence in _in_a_folder(CHECKERS[name])]
    print(*(found or ["Nothing was found."]), sep="\n")
    return int(bool(found))


def _in_a_folder(checker: Callable[[Path], list[str]]) -> list[str]:
    with TemporaryDirectory() as folder:
        return checker(Path(folder))


def _nu(folder: Path) -> list[str]:
    """Every page, for colleagues too."""
    for part in ("routes", "states"):
        (folder / part).mkdir()
    pages = dict([*looked_at.of_routes(folder / "routes"), *looked_at.of_states(folder / "states")])
    found = nu.findings(pages)
    print(f"The Nu HTML checker read {len(pages)} pages: {len(found)} findings.", flush=True)
    return found


def _in_turn(addresses: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    return (
        (f"{name} in {language}", address, language)
        for (name, address), language in zip(addresses.items(), cycle(LANGUAGES), strict=False)
    )


def _lighthouse(folder: Path) -> list[str]:
    """Every public page, each in one of the three languages in turn."""
    with looked_at.states(folder) as (app, addresses), looked_at.served(app) as site:
        shown = {name: address for name, address in addresses.items() if not name.startswith(STEPS)}
        urls = {name: site + spoken(address, language) for name, address, language in _in_turn(shown)}
        found = lighthouse.findings(urls)
    print(
        f"Lighthouse looked at {len(urls)} pages on a telephone and on a desk: {len(found)} findings.",
        flush=True,
    )
    return found


CHECKERS: dict[str, Callable[[Path], list[str]]] = {"nu": _nu, "lighthouse": _lighthouse}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
