"""A taste of the fault harness; `python -m faults` is the whole of it."""

from __future__ import annotations

from pathlib import Path

from faults.kills import kill_again_and_again
from faults.mutations import KINDS, open_damaged_files

BUSY_MS = 1500
"""What a busy machine may add; the whole version, which runs alone, holds to the promise of 300 ms."""


def test_a_kill_costs_no_prompt_and_next_to_nothing_of_a_reply(tmp_path: Path) -> None:
    found = kill_again_and_again(tmp_path, 2, limit_ms=BUSY_MS)
    assert (found.kills, found.offered) == (2, 1)


def test_damage_of_every_kind_is_noticed_and_nothing_crashes(tmp_path: Path) -> None:
    outcomes = open_damaged_files(tmp_path, 2 * len(KINDS))
    assert outcomes["recovered"] > len(KINDS) / 2
    assert sum(outcomes.values()) == 2 * len(KINDS)
