"""The short version of the fault harness; `python -m faults` is the whole."""

from __future__ import annotations

from pathlib import Path

from faults.kills import kill_again_and_again

BUSY_MS = 1500
"""What a busy machine may add; the whole version, which runs alone, holds to the promise of 300 ms."""


def test_a_kill_costs_no_prompt_and_next_to_nothing_of_a_reply(tmp_path: Path) -> None:
    found = kill_again_and_again(tmp_path, 3, limit_ms=BUSY_MS)
    assert found.kills == 3
    assert found.offered >= 1
