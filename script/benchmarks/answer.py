"""A customer's GET and POST with everything written, beside the same GET with one durable ORM insert under the same server; both databases."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from script.benchmarks import beside_report
from script.benchmarks.scene import application, open_one
from script.benchmarks.served import Served, served
from script.benchmarks.serving import folder
from script.benchmarks.visitors import Visit, answer, crowd, limit, peer
from tests import postgresql

CLIENTS, QUICK = (1, 8, 32, 128), (1, 32)
SECONDS = 15
"""For which each is measured at most, however busy the machine is."""
TARGET_MS, RATIO, P99_MS = 5.0, 0.5, 200
Figure = dict[str, Any]


def measure(quick: bool) -> Iterator[Figure]:
    with folder() as data, folder() as place, postgresql.server(Path(place), durable=True):
        urls = {"sqlite": f"sqlite:///{data}/scene.db", "postgresql": postgresql.url(place, "postgres")}
        for database, url in urls.items():
            with application("", database_url=url):
                open_one()
            for figure in _figures(url, data, quick):
                yield {"database": database} | figure
    if not quick:
        yield from beside_report.measure()


def _figures(url: str, data: str, quick: bool) -> Iterator[Figure]:
    modules = {answer: "app", limit: "script.benchmarks.limit", peer: "script.benchmarks.peer"}
    with ExitStack() as stack:
        servers = {visit: stack.enter_context(served(module, url, data)) for visit, module in modules.items()}
        for clients in QUICK if quick else CLIENTS:
            visits = max(clients, 150 if quick else 1000)
            beside = {
                visit.__name__: _asked(servers[visit], visit, clients, visits) for visit in (limit, peer)
            }
            yield _figure(clients, _asked(servers[answer], answer, clients, visits), **beside)


def _figure(clients: int, ours: Figure, limit: Figure, peer: Figure) -> Figure:
    return {
        "figure": "GET + POST of a whole response", "clients": clients, **ours, "target_ms": TARGET_MS,
        **({"target_p99_ms": P99_MS} if clients == 32 else {}),
        **{f"{name}_{key}": value for name, beside in {"limit": limit, "peer": peer}.items() for key, value in beside.items()},
        "ratio_to_limit": round(ours["per_second"] / limit["per_second"], 2), "target_ratio": RATIO,
        "cpu_to_peer": round(ours["cpu_ms"] / peer["cpu_ms"], 2),
    }  # fmt: skip


def _asked(who: Served, visit: Visit, clients: int, visits: int) -> Figure:
    """CPU of the web server's processes a pair; of PostgreSQL's own nothing is counted. The clients have a process of their own: this one."""
    crowd(who.port, visit, clients, 2 * clients, first=clients * 1_000_000)
    before = who.cpu()
    found = crowd(who.port, visit, clients, visits, first=clients * 10_000_000, seconds=SECONDS)
    return {
        "per_second": round(found.rate, 1), "cpu_ms": round((who.cpu() - before) / len(found.seconds) * 1000, 2),
        "p50_ms": round(found.ms(0.5)), "p99_ms": round(found.ms(0.99)), "errors": found.errors,
    }  # fmt: skip
