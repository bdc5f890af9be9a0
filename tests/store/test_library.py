"""What is saved comes back, also after a crash, and a refusing disk loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Attachment, Failure, Message, Role, ToolCall, Usage
from llmhub_tui.store.library import Library
from llmhub_tui.store.paths import data_directory
from llmhub_tui.store.writer import Writer


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library in a folder of its own."""
    library = Library(tmp_path / "data")
    yield library
    library.close()


PROMPT = Message(
    "p", None, Role.USER, "Hi \U0001f98a", attachments=(Attachment("a.txt", "text/plain", b"\0x"),)
)
FULL = Message(
    "r2",
    "p",
    Role.ASSISTANT,
    "text",
    "reasoning",
    (ToolCall("c", "f", '{"a": 1}'),),
    "",
    (),
    12.5,
    3.25,
    "model",
    Ending.LENGTH,
    "length",
    Usage(1, 2, 3, 4, 5),
    Failure("server", "down", "wait"),
    2,
)


def talk(conversation_id: str = "c") -> Conversation:
    """A prompt with two attempts at a reply, of which the first is chosen."""
    first = Message("r1", "p", Role.ASSISTANT, "one", ending=Ending.COMPLETE)
    found = Conversation(conversation_id, title="Title", created_at=5.0, messages=[PROMPT, first, FULL])
    found.choose("r1")
    return found


def test_a_conversation_comes_back_whole(library: Library) -> None:
    conversation = talk()
    asyncio.run(library.begin(conversation, conversation.messages))
    found, recovered = library.load("c")
    assert found.messages == conversation.messages
    assert found.chosen == conversation.chosen
    assert (found.id, found.title, found.created_at, recovered) == ("c", "Title", 5.0, 0)


def test_the_last_one_used_is_the_first_of_the_list(library: Library) -> None:
    assert library.listing.last_id() is None
    for name in ("a", "b"):
        message = Message(f"{name}p", None, Role.USER, "x")
        asyncio.run(library.begin(Conversation(name, messages=[message]), [message]))
    assert library.listing.last_id() == "b"
    assert [(summary.id, summary.messages) for summary in library.listing.summaries(10)] == [
        ("b", 1),
        ("a", 1),
    ]


def test_a_reply_in_flight_is_on_the_disk_soon_and_is_folded_at_its_end(library: Library) -> None:
    conversation = Conversation("c", messages=[PROMPT, Message("r", "p", Role.ASSISTANT, "kept ")])
    asyncio.run(library.begin(conversation, conversation.messages))
    library.append("r", "one ", "")
    library.append("r", "two", "why")
    with closing(sqlite3.connect(library.path)) as connection:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            rows = connection.execute("SELECT text, reasoning FROM fragments").fetchall()
            if rows:
                break
        assert ("".join(row[0] for row in rows), "".join(row[1] for row in rows)) == ("one two", "why")
        reply = Message("r", "p", Role.ASSISTANT, "kept one two", "why", ending=Ending.COMPLETE)
        conversation.update(reply)
        asyncio.run(library.finish(conversation, reply))
        assert connection.execute("SELECT count(*) FROM fragments").fetchone() == (0,)
    assert library.load("c")[0]["r"] == reply


CRASHING = """
import asyncio, sys, time
from pathlib import Path
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.store.library import Library
library = Library(Path(sys.argv[1]))
talk = Conversation("c", messages=[Message("p", None, Role.USER, "hi"), Message("r", "p", Role.ASSISTANT)])
asyncio.run(library.begin(talk, talk.messages))
for number in range(100000):
    library.append("r", f"word{number} ", "")
    if number % 20 == 19:
        print(number, flush=True)
    time.sleep(0.001)
"""


def test_a_killed_process_loses_only_the_last_moment(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CRASHING, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    library = Library(tmp_path)
    while int(child.stdout.readline()) < 400:
        pass
    while_alive, recovered = library.load("c")
    assert (while_alive["r"].ending, recovered) == (None, 0)
    child.send_signal(signal.SIGKILL)
    rest = child.communicate()[0].split()
    written = int(rest[-1]) if rest else 400
    conversation, recovered = library.load("c")
    reply = conversation["r"]
    assert recovered == 1
    assert reply.ending is Ending.INCOMPLETE
    words = reply.text.split()
    assert words == [f"word{number}" for number in range(len(words))]
    assert len(words) > written - 250
    library.close()
    again = Library(tmp_path)
    conversation, recovered = again.load("c")
    assert (conversation["r"].text, recovered) == (reply.text, 0)
    again.close()


def test_a_refusing_disk_is_said_and_the_text_is_written_later(tmp_path: Path) -> None:
    library = Library(tmp_path / "data")
    path = library.path
    conversation = talk()
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another program is writing"):
            asyncio.run(library.begin(conversation, conversation.messages))
        assert library.trouble is not None
        other.rollback()
    assert library.close()
    again = Library(tmp_path / "data")
    assert again.load("c")[0].messages == conversation.messages
    again.close()


def test_two_processes_share_one_file(tmp_path: Path) -> None:
    one, two = Library(tmp_path), Library(tmp_path)
    first, second = talk(), Conversation("d", messages=[Message("dp", None, Role.USER, "x")])
    asyncio.run(one.begin(first, first.messages))
    asyncio.run(two.begin(second, second.messages))
    assert (
        {summary.id for summary in one.listing.summaries(9)}
        == {summary.id for summary in two.listing.summaries(9)}
        == {"c", "d"}
    )
    one.close()
    two.close()


def test_a_newer_file_is_refused_and_left_untouched(tmp_path: Path) -> None:
    Library(tmp_path).close()
    path = tmp_path / "chats.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer llmhub-chat"):
        Library(tmp_path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_kept_aside_and_said(tmp_path: Path) -> None:
    (tmp_path / "chats.db").write_bytes(b"this is no database, but it is longer than a header " * 40)
    library = Library(tmp_path)
    [aside] = tmp_path.glob("chats.db.damaged-*")
    assert str(aside) in library.notice
    assert library.listing.last_id() is None
    library.close()


def test_only_the_owner_can_read_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        library = Library(tmp_path / "above" / "data")
        asyncio.run(library.begin(talk(), talk().messages))
        folder = tmp_path / "above" / "data"
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]
        assert {"chats.db", "chats.db-wal", "chats.db-shm"} <= modes.keys()
        assert set(modes.values()) == {0o600}
        library.close()
    finally:
        os.umask(old)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used"):
        Library(tmp_path / "file" / "data")


def test_drafts_are_kept_and_forgotten(library: Library) -> None:
    library.drafts.save("c", "half a thou")
    library.close()
    assert Library(library.path.parent).drafts.text("c") == "half a thou"
    other = Library(library.path.parent)
    other.drafts.save("c", "")
    other.close()
    assert Library(library.path.parent).drafts.text("c") == ""


def test_the_folder_can_be_chosen() -> None:
    assert data_directory({"LLMHUB_DATA_DIR": "/somewhere"}) == Path("/somewhere")
    assert data_directory({}).name == "llmhub-chat"


def test_the_tools_that_were_chosen_come_back_with_their_conversation(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for name, tools in (("chosen", ("calculator", "time__*")), ("none", ()), ("never asked", None)):
        conversation = Conversation(name)
        conversation.tools = tools
        prompt = Message(f"p-{name}", None, Role.USER, "hi")
        conversation.add(prompt)
        asyncio.run(library.begin(conversation, [prompt]))
        assert library.load(name)[0].tools == tools
        assert conversation.fork(prompt.id, id="other", created_at=0.0).tools == tools
    library.close()


def test_a_write_cannot_be_taken_back_by_who_no_longer_waits_for_it(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "chats.db")
    written: list[str] = []
    abandoned = writer.submit(lambda _: written.append("first"))
    assert not abandoned.cancel()
    writer.submit(lambda _: written.append("second")).result(10)
    assert writer.close(10)
    assert written == ["first", "second"]
