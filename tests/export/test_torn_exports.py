"""Whatever is wrong with an export, what can be read of it is, and the reader never fails."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.foreign_exports import CLAUDE, chatgpt

from llmhub_tui.domain.imported import Found, Unreadable
from llmhub_tui.export.reading import read_file, read_text


def test_a_torn_file_gives_what_is_whole() -> None:
    whole = [{**CLAUDE, "uuid": name} for name in ("a", "b", "c")]
    text = json.dumps(whole)
    torn = text.replace('"uuid": "b"', '"uuid": b', 1)[:-40]
    entries = list(read_text(torn))
    ids = [entry.conversation.id for entry in entries if isinstance(entry, Found)]
    assert ids == ["claude-a"]
    assert sum(isinstance(entry, Unreadable) and "torn" in entry.why for entry in entries) == 1
    entries = list(read_text(text.replace('"uuid": "b"', '"uuid": b', 1)))
    assert [entry.conversation.id for entry in entries if isinstance(entry, Found)] == [
        "claude-a",
        "claude-c",
    ]


def test_an_archive_is_read_as_it_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("user.json", "{}")
        archive.writestr("conversations.json", json.dumps([CLAUDE]))
        archive.writestr("more/conversations-001.json", json.dumps([chatgpt()]))
    found = [entry.conversation.id for entry in read_file(path) if isinstance(entry, Found)]
    assert found == ["claude-0c1", "chatgpt-conv-1"]


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "[1, null, [2]]", "{}", '{"a": 1}', "[" * 5000, "\0\0"]
)
def test_what_holds_no_conversation_is_said(text: str) -> None:
    entries = list(read_text(text))
    assert entries
    assert all(isinstance(entry, Unreadable) for entry in entries)


NAMES = re.findall(
    r"\S+",
    """mapping message author role content parts content_type parent uuid chat_messages sender text chat files
    history messages id create_time created_at current_node currentId parentId type thoughts""",
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner | st.sampled_from(["user", "assistant", "human", "text", "code", "a", "b"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, max_size=3), st.sampled_from(["mapping", "chat_messages", "chat", "format"]), VALUES)
def test_no_shape_makes_the_reader_fail(values: list[object], key: str, value: object) -> None:
    for entry in read_text(json.dumps([*values, {key: value}])):
        assert isinstance(entry, Found | Unreadable)
