"""Measure keywire's hot paths against floors, print a table, and keep the figures.

`bench/run.py` measures all areas, `bench/run.py NAME…` some of them; `--long` measures at the scale
that keywire promises, where an area has one. Each figure has a floor that is measured in the same
run, alternating with it, so the ratios hardly depend on the machine or on its other load. Results
go to `bench/results/` as JSON lines, one per figure.
"""

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from time import perf_counter

import msgspec

from bench import (
    exporting,
    following,
    freshness,
    leafing,
    polling,
    pushing,
    readers,
    reading,
    rendering,
    searching,
    serving,
    starting,
    storing,
    streaming,
    unchanged,
    windows,
)
from bench.measure import Figure, Finding, Size
from bench.pages import CORPUS
from keywire.process import memory

AREAS: dict[str, Callable[[Size], Iterator[Finding]]] = {
    "reading": reading.measure,
    "readers": readers.measure,
    "unchanged": unchanged.measure,
    "storing": storing.measure,
    "windows": windows.measure,
    "pages": leafing.measure,
    "searching": searching.measure,
    "rendering": rendering.measure,
    "serving": serving.measure,
    "streaming": streaming.measure,
    "following": following.measure,
    "freshness": freshness.measure,
    "polling": polling.measure,
    "pushing": pushing.measure,
    "exporting": exporting.measure,
    "starting": starting.measure,
}
RESULTS = Path(__file__).parent / "results"
_WHOLE = ("/s", "/min", "MB")
_ROW = "{:<30}{:>14}{:>14}{:>11}{:>13}{:>7}"


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(AREAS)}")
    asked.add_argument("--long", action="store_true", help="on the scale that is promised")
    told = asked.parse_args()
    names = told.names
    if unknown := [name for name in names if name not in AREAS]:
        asked.error(f"no area is called {unknown[0]}; there are {', '.join(AREAS)}")
    machine = f"{cpu_count()} × {platform.machine()}"
    pages = "publishers' pages from the corpus" if CORPUS.is_dir() else "synthetic pages alone"
    print(f"Python {platform.python_version()}, {platform.system()}, {machine}; {pages}")
    print("Medians; reading, rendering, windows and what is known of a page in CPU time")
    print(_ROW.format("", "floor", "keywire", "ratio", "target", "ok"))
    memory.tune()  # as `keywire run` does
    begun, path = datetime.now(UTC), None
    for name in names or AREAS:
        for finding in _announced(name, Size(long=told.long)):
            print(line(finding))
            if isinstance(finding, Figure):
                path = keep(finding, name, begun)
    print(f"\nkept in {path}" if path else "\nnothing was measured")
    return 0


def _announced(name: str, size: Size) -> Iterator[Finding]:
    started = perf_counter()
    print(name)
    yield from AREAS[name](size)
    print(f"  ({perf_counter() - started:.0f} s)", flush=True)


def line(finding: Finding) -> str:
    """Return one row of the table, with the note that names the floor at its end."""
    if not isinstance(finding, Figure):
        return f"  {finding.name}: skipped, {finding.why}"
    ok = {True: "yes", False: "NO", None: ""}[finding.ok]
    row = _ROW.format(
        f"  {finding.name}",
        _amount(finding.floor, finding.unit),
        _amount(finding.ours, finding.unit),
        f"{finding.ratio:.3f} ×",
        str(finding.target or ""),
        ok,
    )
    return f"{row}   {finding.note}"


def _amount(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if unit in _WHOLE else f"{value:,.3f} {unit}"


def keep(figure: Figure, area: str, begun: datetime) -> Path:
    """Append a figure to the results file of the run that began at `begun`; return its path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{begun:%Y%m%dT%H%M%SZ}.jsonl"
    target = str(figure.target) if figure.target else None
    row = {
        "area": area,
        **asdict(figure),
        "target": target,
        "ratio": figure.ratio,
        "ok": figure.ok,
        "begun": begun,
    }
    with path.open("ab") as file:
        file.write(msgspec.json.encode(row) + b"\n")
    return path


if __name__ == "__main__":
    sys.exit(main())
