"""Runs the fault harness: `PYTHONPATH=tests .venv/bin/python -m faults [--short]`."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from faults import disks, signals, writers
from faults.kills import kill_again_and_again
from faults.mutations import open_damaged_files


@dataclass(frozen=True)
class Scale:
    """How much is done, and how strict the clock is."""

    kills: int
    mutations: int
    turns: int
    lost_ms: float
    leave_s: float


WHOLE = Scale(kills=200, mutations=200, turns=40, lost_ms=300, leave_s=1.0)
SHORT = Scale(kills=8, mutations=36, turns=8, lost_ms=1500, leave_s=5.0)
"""On a machine that others use as well, the clock is no judge."""


def end_by(number: signal.Signals, scale: Scale) -> Callable[[Path], str]:
    """The check of one signal."""

    def check(home: Path) -> str:
        ended = signals.end_by(number, home)
        assert ended.status == 128 + number, ended
        assert ended.restored, "the terminal was not restored"
        assert ended.offered, "the reply was not there at the next start"
        assert ended.took_s <= scale.leave_s, ended
        assert ended.lost_ms <= scale.lost_ms, ended
        return str(ended)

    return check


def hang_up(home: Path) -> str:
    """The check of a closed terminal."""
    return f"{signals.hang_up(home):.0f} ms of the reply lost"


def parts(scale: Scale) -> dict[str, Callable[[Path], object]]:
    """Everything that is checked, by name."""
    found: dict[str, Callable[[Path], object]] = {
        f"{scale.mutations} damaged files": lambda home: dict(open_damaged_files(home, scale.mutations)),
        "four writers at once": lambda home: writers.write_at_once(home, 4, scale.turns),
        "SIGTERM": end_by(signal.SIGTERM, scale),
        "SIGHUP": end_by(signal.SIGHUP, scale),
        "the terminal is closed": hang_up,
        "SIGTSTP and SIGCONT": signals.suspend_and_go_on,
        "RLIMIT_FSIZE": disks.file_size_limit,
        "locked for long": disks.locked_for_long,
        "deleted under us": disks.deleted_under_us,
        "no folder can be made": disks.folder_in_the_way,
    }
    if disks.can_mount():
        found["a full disk"] = disks.full_disk
    else:
        print("left out: a full disk, since this user may not mount a file system in memory")
    found[f"{scale.kills} times kill -9"] = lambda home: kill_again_and_again(
        home, scale.kills, limit_ms=scale.lost_ms
    )
    return found


def main() -> None:
    """Runs each part, and says what it has shown."""
    scale = SHORT if "--short" in sys.argv[1:] else WHOLE
    for name, check in parts(scale).items():
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as home:
            shown = check(Path(home))
        print(f"{name}: {shown or 'ok'} ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
