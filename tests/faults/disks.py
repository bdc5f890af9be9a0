"""Disks that are full, locked, gone or read-only while a reply is on its way."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from support.terminal import Terminal

from faults.chats import Place
from faults.speaker import Speaker

_WORDS = 400
_QUIT = "\x11"


def _begin(terminal: Terminal) -> None:
    """One whole turn, after which everything is loaded and open."""
    terminal.wait_for("ready")
    terminal.send("first\r")
    terminal.wait_for("done ·", timeout=60)


def _second(terminal: Terminal) -> None:
    """A second turn, up to its first words; before them, the screen still tells how the first one ended."""
    terminal.send("second\r")
    terminal.wait_for("streaming")


def _all_saved(place: Place, terminal: Terminal) -> None:
    """The banner goes when the text is saved, and then all of it is there."""
    terminal.wait_until(lambda text: "Not saved" not in text)
    terminal.send(_QUIT)
    assert terminal.exit_status() == 0
    assert place.prompts() == ["first", "second"]
    assert place.kept() == _WORDS
    assert place.integrity() == "ok"


def file_size_limit(home: Path) -> None:
    """`RLIMIT_FSIZE` refuses every byte more, and is lifted later."""
    place = Place(home)
    with Speaker(_WORDS) as speaker, place.chat(speaker.url) as terminal:
        _begin(terminal)
        soft, hard = resource.prlimit(terminal.process, resource.RLIMIT_FSIZE)
        resource.prlimit(terminal.process, resource.RLIMIT_FSIZE, (1024, hard))
        _second(terminal)
        terminal.wait_for("Not saved", "done ·", "w00399")
        resource.prlimit(terminal.process, resource.RLIMIT_FSIZE, (soft, hard))
        _all_saved(place, terminal)


def can_mount() -> bool:
    """Whether this user may mount file systems."""
    return os.geteuid() == 0 and shutil.which("mount") is not None and _try_mount()


def _try_mount() -> bool:
    command = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def tiny_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system in memory that holds next to nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tiny", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def full_disk(home: Path) -> None:
    """A disk without room, on which room is made later."""
    place = Place(home)
    with (
        tiny_disk(place.data, "3m"),
        Speaker(_WORDS) as speaker,
        place.chat(speaker.url) as terminal,
    ):
        _begin(terminal)
        ballast = place.data / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        _second(terminal)
        terminal.wait_for("Not saved", "is full", "done ·")
        ballast.unlink()
        _all_saved(place, terminal)


def locked_for_long(home: Path) -> None:
    """Another program holds the file for longer than we wait."""
    place = Place(home)
    with Speaker(_WORDS) as speaker, place.chat(speaker.url) as terminal:
        _begin(terminal)
        with closing(sqlite3.connect(place.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            _second(terminal)
            terminal.wait_for("Not saved", "another program is writing", "done ·")
            other.execute("ROLLBACK")
        _all_saved(place, terminal)


def deleted_under_us(home: Path) -> None:
    """The file and its companions are removed in the middle of a reply."""
    place = Place(home)
    with Speaker(_WORDS) as speaker, place.chat(speaker.url) as terminal:
        _begin(terminal)
        _second(terminal)
        for path in place.data.glob("chats.db*"):
            path.unlink()
        terminal.wait_for("done ·")
        _all_saved(place, terminal)


def folder_in_the_way(home: Path) -> None:
    """Nothing can be made where the conversations should go: the chat works, and says so."""
    place = Place(home)
    place.data.parent.mkdir(parents=True, exist_ok=True)
    place.data.write_text("a file in the way of the folder")
    with Speaker(_WORDS) as speaker, place.chat(speaker.url) as terminal:
        terminal.wait_for("Not saved")
        terminal.send("speak\r")
        terminal.wait_for("done ·", "w00399", "Not saved")
        terminal.send(_QUIT)
        terminal.wait_for("Write it into a file elsewhere?")
        terminal.send("\r")
        terminal.wait_for("speak.md")
        terminal.send("\r")
        assert terminal.exit_status() == 0
    kept = (home / "speak.md").read_text(encoding="utf-8")
    assert "w00000" in kept
    assert "w00399" in kept
