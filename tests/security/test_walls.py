"""Each of the two walls holds without the other, in the real app in a real pseudo-terminal.

`walls_in_every_place.py` beside this file goes through every place that shows text.
"""

from __future__ import annotations

from pathlib import Path

from support.bytecheck import flags
from support.recording import COLUMNS, record


def test_the_inner_wall_holds_alone(tmp_path: Path) -> None:
    recording = record(tmp_path, "reply,tool_call,error,consent", "joined", "--no-wall", lines=420)
    assert recording.report.get("done"), recording
    assert flags(recording.data) == []


def test_the_outer_wall_holds_alone(tmp_path: Path) -> None:
    recording = record(tmp_path, "unwalled", "few")
    assert recording.report.get("done"), recording
    assert flags(recording.data, columns=COLUMNS, lines=28) == []


def test_without_any_wall_this_test_would_notice(tmp_path: Path) -> None:
    recording = record(tmp_path, "unwalled", "few", "--no-wall")
    assert len(flags(recording.data)) > 10
