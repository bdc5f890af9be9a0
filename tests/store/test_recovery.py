"""What a crash has left of a reply is recovered once and for all, however often it is looked at meanwhile."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.store.library import Library
from llmhub_tui.tui.desk import Unsent, never_sent, read_unsent
from llmhub_tui.tui.widgets.ladder import Rung

DEAD = "1:0"
"""A process that has ended: number 1 was started at another time."""


def left_by_a_crash(folder: Path) -> None:
    """A reply whose program has gone, and its draft of a chat that never began."""
    library = Library(folder)
    prompt, reply = Message("p", None, Role.USER, "question"), Message("r", "p", Role.ASSISTANT)
    conversation = Conversation("c", title="question", messages=[prompt, reply])
    asyncio.run(library.begin(conversation, [prompt, reply]))
    library.append("r", "some words", "")
    library.drafts.save("n", "never sent")
    library.drafts.save("n/edit", "p\nnever sent either")
    library.close()
    with closing(sqlite3.connect(folder / "chats.db")) as connection, connection:
        for table in ("messages", "drafts"):
            connection.execute(f"UPDATE {table} SET writer = '{DEAD}' WHERE writer != ''")


def reply_text(library: Library) -> str:
    """What is there of the reply."""
    return library.load("c")[0]["r"].text


def test_nothing_is_lost_when_many_look_while_it_is_recovered(tmp_path: Path) -> None:
    for number in range(8):
        folder = tmp_path / str(number)
        left_by_a_crash(folder)
        libraries = [Library(folder), Library(folder)]
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(reply_text, libraries * 6))
        for library in libraries:
            library.close()
        assert set(found) == {"some words"}
        library = Library(folder)
        assert library.load("c")[0]["r"].ending is Ending.INCOMPLETE
        assert library.load("c")[0]["r"].text == "some words"
        library.close()


def test_a_new_chat_begins_with_what_was_left_unsent_in_one(tmp_path: Path) -> None:
    left_by_a_crash(tmp_path)
    library = Library(tmp_path)
    assert never_sent(library.drafts) == "n"
    assert read_unsent(library.drafts, "n") == Unsent("never sent", Rung("never sent either", "p"))
    library.drafts.save("n", "never sent")  # as the chat does at once
    library.drafts.save("n/edit", "p\nnever sent either")
    library.close()
    other = Library(tmp_path)
    assert never_sent(other.drafts) == ""  # this process lives, and has it open
    other.close()


def test_two_programs_write_two_drafts_in_one_conversation(tmp_path: Path) -> None:
    left_by_a_crash(tmp_path)
    library = Library(tmp_path)
    library.drafts.save("c", "ours")
    library.close()
    with closing(sqlite3.connect(tmp_path / "chats.db")) as connection, connection:
        connection.execute("UPDATE drafts SET writer = ? WHERE conversation = 'c'", (alive(),))
    library = Library(tmp_path)
    assert library.drafts.text("c") == ""  # it is the other's
    library.drafts.save("c", "theirs")
    library.close()
    library = Library(tmp_path)
    assert library.drafts.text("c") == "theirs"
    library.drafts.save("c", "")
    library.close()
    with closing(sqlite3.connect(tmp_path / "chats.db")) as connection:
        rows = connection.execute("SELECT text FROM drafts WHERE conversation GLOB 'c*'").fetchall()
    assert rows == [("ours",)]


def alive() -> str:
    """A process that lives and is not this one: the one that started it."""
    started = Path(f"/proc/{os.getppid()}/stat").read_bytes().rsplit(b")", 1)[1].split()[19].decode()
    return f"{os.getppid()}:{started}"
