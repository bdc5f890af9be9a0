"""No text from outside drives the terminal: every place of the real app, in a real pseudo-terminal.

`.ci/run` runs this file by its name, since it takes half a minute. `python -m security places` in the
folder `tests` shows every case in every place, which takes minutes.
"""

from __future__ import annotations

from pathlib import Path

from support.bytecheck import flags
from support.places import PLACES
from support.recording import COLUMNS, record

_LOW = {
    "status_line",
    "notification",
    "find_bar",
    "model_name",
    "save_dialog",
    "connect_dialog",
    "attach_dialog",
    "attachment",
    "models_dialog",
    "history_list",
}
"""Places that show little at a time, or are not meant for much."""
WIDE = ",".join(name for name in PLACES if name not in _LOW)


def unseen(places: str, data: bytes) -> list[str]:
    """Places that have shown nothing."""
    return [name for name in places.split(",") if f"seen-in-{name}".encode() not in data]


def test_much_at_once_in_every_place(tmp_path: Path) -> None:
    recording = record(tmp_path, WIDE, "joined", lines=420)
    assert recording.report.get("done"), recording
    assert flags(recording.data, columns=COLUMNS, lines=420) == []
    assert unseen(WIDE, recording.data) == []


def test_one_of_each_class_where_there_is_little_room(tmp_path: Path) -> None:
    recording = record(tmp_path, ",".join(sorted(_LOW)), "few")
    assert recording.report.get("done"), recording
    assert unseen(",".join(_LOW), recording.data) == []
    copies = 17  # what the notifications are about
    assert flags(recording.data, copies=copies, columns=COLUMNS, lines=28) == []
