"""Files that are deleted, replaced or damaged while we need them cost nothing, or as little as can be."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Attachment, Message, Role
from llmhub_tui.store.library import Library

WORDS = ["night", "cat", "東京", "roof", "Zürich"]


def talk(name: str, turns: int = 3, length: int = 300) -> Conversation:
    """A conversation with attempts, long texts and an attachment."""
    chance = random.Random(name)
    conversation = Conversation(name, title=f"About {name}", created_at=1.79e9)
    parent: str | None = None
    for turn in range(turns):
        words = " ".join(
            chance.choice(["night", "cat", "東京", "roof", "Zürich"]) for _ in range(length // 4)
        )
        prompt = Message(
            f"{name}{turn}p",
            parent,
            Role.USER,
            f"{turn} {words[:80]}",
            attachments=(Attachment("a.bin", "application/x", bytes(range(256)) * 30),),
            created_at=1.79e9 + turn,
        )
        conversation.add(prompt)
        for attempt in "ab":
            reply = Message(
                f"{name}{turn}{attempt}",
                prompt.id,
                Role.ASSISTANT,
                words * (40 if turn == 1 else 1),
                created_at=1.79e9 + turn,
                model="m",
                ending=Ending.COMPLETE,
            )
            conversation.add(reply)
        parent = reply.id
    return conversation


def say(library: Library, conversation: Conversation, name: str) -> None:
    """One more prompt and its finished reply."""
    leaf = conversation.leaf()
    prompt = Message(f"{name}p", leaf.id if leaf else None, Role.USER, f"{name}?")
    reply = Message(f"{name}r", prompt.id, Role.ASSISTANT, f"{name}!", ending=Ending.COMPLETE)
    conversation.add(prompt)
    conversation.add(reply)
    asyncio.run(library.begin(conversation, [prompt, reply]))
    asyncio.run(library.finish(conversation, reply))


def delete_file(directory: Path) -> None:
    """Takes the file and its companions away, as `rm` would."""
    for path in directory.glob("chats.db*"):
        path.unlink()


def test_a_file_deleted_under_us_comes_back_whole(tmp_path: Path) -> None:
    library = Library(tmp_path)
    other, ours = talk("other"), talk("ours")
    library.keep(other)
    library.keep(ours)
    delete_file(tmp_path)
    say(library, ours, "after")
    assert library.close()
    again = Library(tmp_path)
    assert again.load("other")[0].messages == other.messages
    assert again.load("ours")[0].messages == ours.messages
    assert again.check() == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    again.close()


def test_a_folder_deleted_under_us_comes_back_whole(tmp_path: Path) -> None:
    library = Library(tmp_path / "data")
    ours = talk("ours")
    library.keep(ours)
    shutil.rmtree(tmp_path / "data")
    say(library, ours, "after")
    assert library.close()
    again = Library(tmp_path / "data")
    assert again.load("ours")[0].messages == ours.messages
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    again.close()


def test_a_file_deleted_before_the_first_write_is_made_again(tmp_path: Path) -> None:
    library = Library(tmp_path)
    delete_file(tmp_path)
    ours = Conversation("ours")
    say(library, ours, "first")
    assert library.close()
    again = Library(tmp_path)
    assert again.load("ours")[0].messages == ours.messages
    again.close()


def test_a_file_replaced_under_us_gets_the_conversation_that_goes_on(tmp_path: Path) -> None:
    library = Library(tmp_path / "data")
    ours = talk("ours")
    library.keep(ours)
    say(library, ours, "before")
    fresh = Library(tmp_path / "fresh")
    fresh.keep(talk("theirs"))
    fresh.close()
    delete_file(tmp_path / "data")
    shutil.move(tmp_path / "fresh" / "chats.db", tmp_path / "data" / "chats.db")
    say(library, ours, "after")
    assert library.close()
    again = Library(tmp_path / "data")
    assert again.load("ours")[0].messages == ours.messages
    assert again.load("theirs")[0].messages == talk("theirs").messages
    again.close()


def damaged(directory: Path) -> Path:
    """A file whose schema and a stretch in its middle are gone."""
    library = Library(directory)
    for name in ("one", "two", "three"):
        library.keep(talk(name))
    library.listing.tag("two", ["work"])
    library.drafts.save("two", "half a thought")
    library.prompts.add("sent before")
    assert library.close()
    path = directory / "chats.db"
    data = bytearray(path.read_bytes())
    data[200:4096] = bytes(3896)
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8192] = b"\xff" * 8192
    path.write_bytes(data)
    return path


def test_what_can_be_read_of_a_damaged_file_is_recovered_and_the_user_is_told(tmp_path: Path) -> None:
    before = damaged(tmp_path).read_bytes()
    library = Library(tmp_path)
    assert "were damaged" in library.notice
    assert "messages in 3 conversations could be read" in library.notice
    kept = tmp_path.glob("chats.db.damaged-*")
    [aside] = [path for path in kept if not path.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == before
    assert str(aside) in library.notice
    assert all("is damaged" in problem for problem in library.check())  # some lost their attachment
    found = sum(len(library.load(name)[0]) for name in ("one", "two", "three"))
    assert found >= 20
    for name in ("one", "two", "three"):
        conversation = library.load(name)[0]
        for message in conversation.messages:
            assert message.text == talk(name)[message.id].text
    assert library.search.find("東京 roof")
    library.close()
    assert Library(tmp_path).notice == ""


def test_rows_that_were_only_in_the_log_are_recovered_too(tmp_path: Path) -> None:
    library = Library(tmp_path / "data")
    ours = talk("ours")
    library.keep(ours)
    (tmp_path / "copy").mkdir(mode=0o700)
    for path in (tmp_path / "data").glob("chats.db*"):  # as a crash leaves it
        shutil.copy(path, tmp_path / "copy" / path.name)
    library.close()
    assert (tmp_path / "copy" / "chats.db-wal").stat().st_size > 10_000
    path = tmp_path / "copy" / "chats.db"
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    again = Library(tmp_path / "copy")
    assert again.load("ours")[0].messages == ours.messages
    again.close()


def test_a_large_file_is_looked_through_after_it_is_open(tmp_path: Path) -> None:
    library = Library(tmp_path)
    big = Message("b", None, Role.USER, "x", attachments=(Attachment("b", "b", bytes(49 << 20)),))
    library.keep(Conversation("big", messages=[big]))
    library.keep(talk("ours"))
    assert library.close()
    path = tmp_path / "chats.db"
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'messages_of_conversation'"
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    library = Library(tmp_path)
    assert library.notice == ""
    assert library.inspected(30)
    assert "damaged" in (library.trouble or "")
    library.close()
    again = Library(tmp_path)
    assert "could be read" in again.notice
    assert len(again.load("ours")[0]) == len(talk("ours"))
    again.close()


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "chats.db").mkdir()
    with pytest.raises(StorageError, match="cannot be"):
        Library(tmp_path / "data")
