"""The list of conversations: order, filter, and what is done with one of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.store.library import Library


def talk(name: str, title: str, ending: Ending = Ending.COMPLETE) -> Conversation:
    """A prompt and a reply."""
    return Conversation(
        name,
        title=title,
        created_at=1.0,
        messages=[
            Message(f"{name}-p", None, Role.USER, "x"),
            Message(f"{name}-r", f"{name}-p", Role.ASSISTANT, "y", model=f"model-{name}", ending=ending),
        ],
    )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three conversations; `cccc` was used last."""
    library = Library(tmp_path)
    for number, (name, title) in enumerate(
        [("aaaa", "Red apples"), ("bbbb", "Ästhetik"), ("cccc", "Red cars")]
    ):
        library.keep(
            talk(name, title, Ending.LENGTH if name == "bbbb" else Ending.COMPLETE), updated_at=number
        )
    yield library
    library.close()


def as_if_ended(library: Library, table: str) -> None:
    """Makes all writers of a table processes that run no more."""
    with closing(sqlite3.connect(library.path)) as connection, connection:
        connection.execute(f"UPDATE {table} SET writer = '999999999:1' WHERE writer != ''")


def ids(library: Library, words: str = "", *, archived: bool = False) -> list[str]:
    """The ids in the list."""
    return [summary.id for summary in library.listing.summaries(words=words, archived=archived)]


def test_the_list_says_what_each_conversation_is(library: Library) -> None:
    summary = library.listing.summaries(1, 1)[0]
    assert (summary.id, summary.title, summary.messages, summary.model, summary.ending) == (
        "bbbb",
        "Ästhetik",
        2,
        "model-bbbb",
        Ending.LENGTH,
    )
    assert (summary.created_at, summary.updated_at) == (1.0, 1.0)


def test_pinned_ones_stand_first(library: Library) -> None:
    assert ids(library) == ["cccc", "bbbb", "aaaa"]
    library.listing.pin("aaaa")
    assert ids(library) == ["aaaa", "cccc", "bbbb"]
    assert library.listing.last_id() == "cccc"
    library.listing.pin("aaaa", False)
    assert ids(library) == ["cccc", "bbbb", "aaaa"]


def test_the_filter_takes_words_of_titles_and_tags(library: Library) -> None:
    assert ids(library, "RED") == ["cccc", "aaaa"]
    assert ids(library, "app red") == ["aaaa"]
    assert ids(library, "ästh") == ["bbbb"]
    library.listing.tag("bbbb", ["work", "two words", "work", " "])
    library.listing.tag("aaaa", ["work"])
    assert ids(library, "work") == ["bbbb", "aaaa"]
    assert ids(library, "work red") == ["aaaa"]
    assert library.listing.summaries(words="two")[0].tags == ("two-words", "work")
    assert library.listing.tags() == ["work", "two-words"]
    library.listing.tag("bbbb", [])
    assert ids(library, "work") == ["aaaa"]


def test_archived_ones_are_listed_only_when_asked_for(library: Library) -> None:
    library.listing.archive("cccc")
    assert ids(library) == ["bbbb", "aaaa"]
    assert ids(library, archived=True) == ["cccc", "bbbb", "aaaa"]
    library.listing.archive("cccc", False)
    assert ids(library) == ["cccc", "bbbb", "aaaa"]


def test_delete_is_undone_until_the_file_is_purged(library: Library) -> None:
    library.listing.delete("cccc")
    assert ids(library, archived=True) == ["bbbb", "aaaa"]
    assert library.listing.last_id() == "bbbb"
    library.listing.restore("cccc")
    assert ids(library) == ["cccc", "bbbb", "aaaa"]
    library.listing.delete("cccc")
    assert library.listing.purge() == 1
    library.listing.restore("cccc")
    assert ids(library) == ["bbbb", "aaaa"]


def test_what_is_said_in_a_deleted_conversation_brings_it_back_whole(library: Library) -> None:
    conversation, _ = library.load("cccc")
    library.listing.delete("cccc")
    library.listing.purge()
    prompt = Message("new", "cccc-r", Role.USER, "still here?")
    conversation.add(prompt)
    asyncio.run(library.begin(conversation, [prompt]))
    assert library.load("cccc")[0].messages == conversation.messages
    assert ids(library)[0] == "cccc"


def test_a_name_stays_whatever_is_said_afterwards(library: Library) -> None:
    conversation, _ = library.load("cccc")
    library.listing.rename("cccc", " Blue\n cars ")
    reply = conversation["cccc-r"]
    asyncio.run(library.finish(conversation, replace(reply, text="z")))
    assert library.listing.summaries(1)[0].title == "Blue cars"


def test_an_id_its_beginning_or_words_name_a_conversation(library: Library) -> None:
    assert [found.id for found in library.listing.matching("bbbb")] == ["bbbb"]
    assert [found.id for found in library.listing.matching("cccc"[:4])] == ["cccc"]
    assert [found.id for found in library.listing.matching("red")] == ["cccc", "aaaa"]
    assert library.listing.matching("[*?") == []


def test_a_reply_that_a_crash_has_cut_is_named_until_it_is_opened(library: Library) -> None:
    conversation = talk("dddd", "Running")
    running = Message("dddd-r2", "dddd-p", Role.ASSISTANT)
    conversation.add(running)
    asyncio.run(library.begin(conversation, conversation.messages))
    assert library.listing.cut() == []
    as_if_ended(library, "messages")
    assert [summary.id for summary in library.listing.cut()] == ["dddd"]
    assert library.load("dddd")[1] == 1
    library.listing.pin("aaaa")  # waits for what was queued before it
    assert library.listing.cut() == []


def test_a_fork_is_a_conversation_of_its_own(library: Library) -> None:
    conversation, _ = library.load("aaaa")
    library.keep(conversation.fork("aaaa-p", id="eeee", created_at=9.0))
    assert [message.text for message in library.load("eeee")[0].messages] == ["x"]
    assert len(library.load("aaaa")[0]) == 2


def test_the_same_conversation_open_twice_becomes_two_branches(library: Library) -> None:
    other = Library(library.path.parent)
    views = [store.load("aaaa")[0] for store in (library, other)]
    for number, (store, view) in enumerate(zip((library, other), views, strict=True)):
        prompt = Message(f"n{number}", "aaaa-r", Role.USER, f"from {number}")
        view.add(prompt)
        asyncio.run(store.begin(view, [prompt]))
    both, _ = library.load("aaaa")
    assert both.siblings("n0") == ("n0", "n1")
    assert [message.id for message in both.path()] == ["aaaa-p", "aaaa-r", "n1"]
    other.close()


def test_sent_prompts_are_remembered_once_the_last_one_first(library: Library) -> None:
    for text in ("one two", "three", "one two", " "):
        library.prompts.add(text)
    library.prompts.add("x" * 30_000)
    library.listing.pin("aaaa")  # waits for what was queued before it
    assert library.prompts.recent() == ["one two", "three"]
    assert library.prompts.recent(1) == ["one two"]
    assert library.prompts.search("TWO one") == ["one two"]
    assert library.prompts.search("four") == []


def test_a_draft_of_a_chat_that_never_began_is_found_when_its_program_is_gone(library: Library) -> None:
    library.drafts.save("never begun", "my half thought")
    library.drafts.save("aaaa", "for an old one")
    library.listing.pin("aaaa")  # waits for what was queued before it
    assert library.drafts.text("aaaa") == "for an old one"
    assert library.drafts.left() == []
    as_if_ended(library, "drafts")
    assert [(draft.conversation_id, draft.text) for draft in library.drafts.left()] == [
        ("never begun", "my half thought")
    ]
