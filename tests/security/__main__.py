"""The long checks, by command.

PYTHONPATH=tests .venv/bin/python -m security fuzz [--seconds 60]
PYTHONPATH=tests .venv/bin/python -m security places [--cases FOLDER] [--keep FILE]

`fuzz` throws what hypothesis makes at everything that reads a stranger's bytes. `places` shows every
case, or the `*.txt` of a folder, in every place of the real app in a real pseudo-terminal, and judges
the bytes. Exit status: 0 if nothing was found, 1 otherwise.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import traceback
from itertools import cycle
from pathlib import Path

from hypothesis import HealthCheck, settings
from security.fuzzing import TARGETS
from support.bytecheck import flags
from support.places import PLACES
from support.recording import COLUMNS, record


def fuzz(seconds: float) -> int:
    """Runs the targets in turn until the time is over."""
    bounded = settings(
        max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    targets = {name: bounded(test) for name, test in TARGETS.items()}
    deadline, runs = time.monotonic() + seconds, dict.fromkeys(TARGETS, 0)
    for name in cycle(TARGETS):
        if time.monotonic() >= deadline:
            break
        try:
            targets[name]()
        except Exception:
            traceback.print_exc()
            print(f"{name}: failed after {runs[name]} examples")
            return 1
        runs[name] += 100
    for name, count in runs.items():
        print(f"{name}: {count} examples, nothing found")
    return 0


def places(cases: str, keep: Path | None) -> int:
    """Records every place and judges it."""
    wrong = 0
    for place in PLACES:
        with tempfile.TemporaryDirectory() as home:
            recording = record(Path(home), place, cases, seconds=1800)
        found = flags(recording.data, copies=100_000, columns=COLUMNS, lines=28)
        done = bool(recording.report.get("done"))
        wrong += bool(found) or not done
        longest = recording.report.get("longest_s", 0.0)
        print(
            f"{place}: {len(recording.data):,} bytes, {len(found)} flags, longest step {longest:.3f} s of CPU"
        )
        for line in [*found[:10], *([] if done else [str(recording.report)])]:
            print(f"  {line}")
        if keep is not None:
            keep.with_name(f"{keep.name}-{place}").write_bytes(recording.data)
    return 1 if wrong else 0


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="security", description="The long checks.")
    commands = parser.add_subparsers(dest="command", required=True)
    fuzzer = commands.add_parser("fuzz", help="throw what hypothesis makes at all readers")
    fuzzer.add_argument("--seconds", type=float, default=60.0)
    shower = commands.add_parser("places", help="show every case in every place")
    shower.add_argument("--cases", default="all", help="a folder of *.txt; without it, the project's own")
    shower.add_argument("--keep", type=Path, help="where the recordings go, as FILE-PLACE")
    options = parser.parse_args()
    return fuzz(options.seconds) if options.command == "fuzz" else places(options.cases, options.keep)


if __name__ == "__main__":
    raise SystemExit(main())
