"""Where the disk takes nothing, the chat goes on, says so, and leaves behind what it has in another place."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from llmhub_tui.cli.refuge import open_library, put_elsewhere
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.export.as_json import from_json
from llmhub_tui.store.library import Library

TALK = Conversation("c", title="Cats", messages=[Message("p", None, Role.USER, "Where do they sleep?")])


@pytest.fixture
def blocked(tmp_path: Path) -> Path:
    """A folder that can't be made, because a file has its name."""
    (tmp_path / "data").write_text("in the way")
    return tmp_path / "data"


def test_a_folder_that_cannot_be_made_is_trouble_from_the_start(blocked: Path) -> None:
    library = open_library(blocked, needed=False)
    library.keep(TALK)
    assert library.load("c")[0].messages == TALK.messages
    assert library.trouble is not None
    assert str(blocked) in library.trouble
    assert library.close()


def test_what_was_asked_for_by_name_has_no_substitute(blocked: Path) -> None:
    with pytest.raises(StorageError, match="cannot be used"):
        open_library(blocked, needed=True)


def test_a_newer_file_is_refused_and_not_gone_around(tmp_path: Path) -> None:
    Library(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "chats.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="newer llmhub-chat"):
        open_library(tmp_path, needed=False)


def test_what_could_not_be_saved_is_written_where_it_can_be(
    blocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    [path] = put_elsewhere([TALK], blocked)
    assert path.parent == tmp_path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert from_json(path.read_text(encoding="utf-8")).messages == TALK.messages
