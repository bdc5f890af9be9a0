"""Everything that was said is found again, by any part of it, in any script."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.store.library import Library
from llmhub_tui.store.search import snippet_of, terms_of

TEXTS = {
    "p": "How do I parse --json-lines in Python?",
    "r1": "Use `for line in stdin: json.loads(line)` and catch JSONDecodeError.",
    "r2": "東京の夜は静かです。猫が屋根で眠る。Zürich: LAUT; ÄPFEL.",
    "r3": 'An x, a percent sign 100%, an under_score and a "quote" at the end: qz',
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """One conversation with three attempts at a reply."""
    library = Library(tmp_path)
    library.keep(talk("c"))
    yield library
    library.close()


def talk(conversation_id: str, prefix: str = "") -> Conversation:
    """A prompt and three attempts at a reply."""
    messages = [Message(f"{prefix}p", None, Role.USER, TEXTS["p"])]
    messages += [
        Message(f"{prefix}{name}", f"{prefix}p", Role.ASSISTANT, TEXTS[name], ending=Ending.COMPLETE)
        for name in ("r1", "r2", "r3")
    ]
    return Conversation(conversation_id, title="Talk", messages=messages)


def found(library: Library, query: str) -> list[str]:
    """The ids of the messages that a query finds."""
    return [hit.message_id for hit in library.search.find(query)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("json", ["r1", "p"]),
        ("JSON", ["r1", "p"]),
        ("odeErr", ["r1"]),
        ("json.loads(", ["r1"]),
        ("--json-lines", ["p"]),
        ("json python", ["p"]),
        ("python json", ["p"]),
        ('"line in stdin"', ["r1"]),
        ('"stdin in line"', []),
        ("東京の", ["r2"]),
        ("東京", ["r2"]),
        ("夜", ["r2"]),
        ("眠る。", ["r2"]),
        ("zürich", ["r2"]),
        ("äpfel", ["r2"]),
        ("qz", ["r3"]),
        ("z", ["r3", "r2"]),
        ("100%", ["r3"]),
        ("under_score", ["r3"]),
        ("underXscore", []),
        ('"quote', ["r3"]),
        ("NOT json AND (", []),
        ("''", []),
        ("", []),
        ('"', []),
        ("absent", []),
    ],
)
def test_parts_of_words_code_and_any_script_are_found(library: Library, query: str, ids: list[str]) -> None:
    assert found(library, query) == ids


def test_a_hit_says_where_it_stands(library: Library) -> None:
    [hit] = library.search.find("猫 laut")
    assert (hit.conversation_id, hit.title, hit.role) == ("c", "Talk", Role.ASSISTANT)
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["猫", "LAUT"]


def test_the_index_follows_what_is_said_changed_and_deleted(library: Library) -> None:
    conversation, _ = library.load("c")
    reply = Message("r4", "p", Role.ASSISTANT)
    conversation.add(reply)
    asyncio.run(library.begin(conversation, [reply]))
    assert found(library, "walrus") == []
    asyncio.run(library.finish(conversation, replace(reply, text="a walrus", ending=Ending.COMPLETE)))
    assert found(library, "walrus") == ["r4"]
    library.listing.delete("c")
    assert found(library, "walrus") == []
    library.listing.restore("c")
    assert found(library, "walrus") == ["r4"]
    library.listing.delete("c")
    assert library.listing.purge() == 1
    library.listing.restore("c")
    assert found(library, "walrus") == []
    with closing(sqlite3.connect(library.path)) as connection:
        connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        assert connection.execute("SELECT count(*) FROM search WHERE search MATCH '\"wal\"'").fetchone() == (
            0,
        )


def test_tool_calls_and_their_results_are_found(library: Library) -> None:
    conversation, _ = library.load("c")
    calls = tuple(ToolCall(f"c{at}", f"fetch_{at}", f'{{"city": "Nürnberg {at}"}}') for at in range(3))
    asked = Message("a", "p", Role.ASSISTANT)
    result = Message("t", "a", Role.TOOL, "drizzle, 7 degrees", tool_call_id="c0", ending=Ending.COMPLETE)
    conversation.add(asked)
    asyncio.run(library.begin(conversation, [asked]))
    done = replace(asked, tool_calls=calls, ending=Ending.TOOL_CALLS)
    conversation.update(done)
    conversation.add(result)
    asyncio.run(library.finish(conversation, done))
    asyncio.run(library.begin(conversation, [result]))
    assert found(library, "Nürnberg 2") == found(library, "fetch_1") == ["a"]
    assert found(library, "drizzle") == ["t"]
    [hit] = library.search.find("nürnberg 1")
    assert "Nürnberg 1" in hit.snippet
    assert library.check() == []


def test_one_conversation_can_be_searched_alone_and_the_count_is_limited(library: Library) -> None:
    library.keep(talk("d", "d"))
    assert found(library, "json") == ["dr1", "dp", "r1", "p"]
    assert [hit.message_id for hit in library.search.find("json", conversation_id="c")] == ["r1", "p"]
    assert [hit.message_id for hit in library.search.find("json", 1)] == ["dr1"]


WORDS = st.text(st.sampled_from('ab cÄß東京\n"*-_%'), max_size=12)


@settings(max_examples=30)
@given(st.lists(WORDS, min_size=1, max_size=5), WORDS)
def test_search_finds_what_a_plain_look_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str
) -> None:
    library = Library(tmp_path_factory.mktemp("search"))
    messages = [Message(str(number), None, Role.USER, text) for number, text in enumerate(texts)]
    library.keep(Conversation("c", messages=messages))
    terms = terms_of(query)
    expected = [
        message.id
        for message in reversed(messages)
        if terms and all(term in message.text.lower() for term in terms)
    ]
    assert found(library, query) == expected
    library.close()


@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_a_snippet_is_one_safe_line_and_its_spans_lie_in_it(text: str, terms: list[str]) -> None:
    snippet, spans = snippet_of(text, [re.compile(re.escape(term), re.IGNORECASE) for term in terms])
    assert "\x1b" not in snippet
    assert "\n" not in snippet
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(snippet)
        at = end
