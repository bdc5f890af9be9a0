"""A file of every released version becomes one of today's, whole, and a copy of it is kept."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Attachment, ToolCall, Usage
from llmhub_tui.store.library import Library
from llmhub_tui.store.schema import VERSION

FILES = Path(__file__).parent / "files"
"""`version-N.db` was written by the last program that made version N."""


def tables(path: Path) -> list[tuple[str, str]]:
    """What a file is made of."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


@pytest.fixture(params=range(1, VERSION))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with the file of an older version."""
    shutil.copy(FILES / f"version-{request.param}.db", tmp_path / "chats.db")
    return tmp_path


def test_every_version_but_this_has_a_stored_file() -> None:
    assert {path.name for path in FILES.glob("*.db")} == {f"version-{n}.db" for n in range(1, VERSION)}


def test_nothing_of_an_older_file_is_lost(old: Path) -> None:
    library = Library(old)
    conversation, recovered = library.load("c")
    assert (conversation.title, conversation.created_at, recovered) == ("Cats", 1790000000.0, 0)
    assert [message.id for message in conversation.messages] == ["p", "r1", "r2"]
    assert [message.id for message in conversation.path()] == ["p", "r1"]
    assert conversation["p"].attachments == (Attachment("a.txt", "text/plain", b"\0x"),)
    assert conversation["r1"].tool_calls == (ToolCall("c", "f", '{"a": 1}'),)
    assert (conversation["r1"].usage, conversation["r1"].ending) == (Usage(1, 2, 3, 4, 5), Ending.LENGTH)
    cut, recovered = library.load("d")
    assert (cut["dr"].text, cut["dr"].ending, recovered) == ("half a rep", Ending.INCOMPLETE, 1)
    assert library.drafts.text("c") == "and the dogs?"
    assert [hit.message_id for hit in library.search.find("東京 cat")] == ["p"]
    assert [hit.message_id for hit in library.search.find("bakery")] == ["r2"]
    assert library.prompts.recent() == ["go on", "Where do the night cats of 東京 sleep?"]
    assert library.close()


def test_it_is_then_like_a_file_made_today(old: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    Library(old).close()
    fresh = tmp_path_factory.mktemp("fresh")
    Library(fresh).close()
    assert tables(old / "chats.db") == tables(fresh / "chats.db")


def test_a_copy_of_it_is_kept_that_only_the_owner_can_read(old: Path) -> None:
    with closing(sqlite3.connect(old / "chats.db")) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        before = list(connection.iterdump())
    Library(old).close()
    copy = old / f"chats.db.version-{version}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert list(connection.iterdump()) == before


def test_a_conversation_goes_on_after_the_change(old: Path) -> None:
    library = Library(old)
    conversation, _ = library.load("c")
    conversation.choose("r2")
    asyncio.run(library.begin(conversation, []))
    assert library.listing.last_id() == "c"
    assert library.close()
