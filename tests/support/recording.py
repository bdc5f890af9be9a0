"""Records what the app writes to a real pseudo-terminal while it shows hostile texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from support.terminal import Terminal, isolated

_TESTS = Path(__file__).parent.parent
COLUMNS = 90


@dataclass(frozen=True, slots=True)
class Recording:
    """What came of a run of `security.showing`."""

    data: bytes
    status: int
    report: dict[str, object]


def record(
    home: Path, places: str, cases: str, *options: str, lines: int = 28, seconds: float = 60.0
) -> Recording:
    """Shows cases in places, in a terminal of its own."""
    report = home / "report.json"
    env = isolated(home, PYTHONPATH=str(_TESTS), TEXTUAL_ANIMATIONS="none", PYTHONHASHSEED="0")
    arguments = [places, cases, str(report), *options]
    with Terminal(
        arguments,
        env=env,
        cwd=home,
        columns=COLUMNS,
        lines=lines,
        module="security.showing",
        emulate=False,
    ) as terminal:
        status = terminal.exit_status(seconds)
        data = bytes(terminal.recorded)
    return Recording(data, status, json.loads(report.read_text()) if report.exists() else {})
