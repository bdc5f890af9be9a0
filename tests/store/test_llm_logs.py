"""The logs of the `llm` command are read, in both forms that its versions wrote."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.imported import Found, Unreadable
from llmhub_tui.domain.messages import Attachment, Role, ToolCall
from llmhub_tui.store.llm_logs import is_llm_log, read_llm_log

OLDEST = """
    CREATE TABLE conversations (id TEXT PRIMARY KEY, name TEXT, model TEXT);
    CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT, prompt_json TEXT,
        options_json TEXT, response TEXT, response_json TEXT, conversation_id TEXT, duration_ms INTEGER,
        datetime_utc TEXT);
    INSERT INTO conversations VALUES ('c1', 'Puns', 'gpt-4');
    INSERT INTO responses VALUES ('b', 'gpt-4', 'More', NULL, NULL, NULL, 'Two', NULL, 'c1', 1500,
        '2024-01-02T00:00:00+00:00');
    INSERT INTO responses VALUES ('a', 'gpt-4', 'Puns?', 'Be brief', NULL, NULL, 'One', NULL, 'c1', 500,
        '2024-01-01T00:00:00+00:00');
"""
LATER = """
    CREATE TABLE threads (id TEXT, name TEXT, tip_message_hash TEXT, forked_from TEXT, datetime_utc TEXT);
    CREATE TABLE turns (id TEXT, thread_id TEXT, parent_message_hash TEXT, tip_message_hash TEXT, model TEXT,
        input_tokens INTEGER, output_tokens INTEGER, duration_ms INTEGER, datetime_utc TEXT);
    CREATE TABLE messages (hash TEXT PRIMARY KEY, parent_hash TEXT, role TEXT, provider_metadata TEXT);
    CREATE TABLE parts (id INTEGER PRIMARY KEY, message_hash TEXT, position INTEGER, type TEXT,
        tool_name TEXT, text TEXT, payload TEXT);
    CREATE TABLE fragments (id INTEGER PRIMARY KEY, hash TEXT, content TEXT);
    CREATE TABLE attachments (id TEXT PRIMARY KEY, type TEXT, path TEXT, url TEXT, content BLOB);
    INSERT INTO threads VALUES ('t1', 'Forked', 'r2', NULL, NULL), ('c1', 'Puns again', 'p', NULL, NULL);
    INSERT INTO turns VALUES ('1', 't1', NULL, 'r1', 'm', 3, 4, 1000, '2026-01-01 00:00:00+00:00'),
        ('2', 't1', NULL, 'r2', 'm', 0, 0, 0, '2026-01-02 00:00:00+00:00'),
        ('3', 'c1', NULL, 'p', 'm', 0, 0, 0, '2026-01-02 00:00:00+00:00');
    INSERT INTO messages VALUES ('p', NULL, 'user', NULL), ('call', 'p', 'assistant', NULL),
        ('got', 'call', 'tool', NULL), ('r1', 'got', 'assistant', NULL), ('r2', 'p', 'assistant', NULL);
"""
PARTS = [
    ("p", 0, "text", None, {"text_ref": [{"literal": "About "}, {"fragment": 1}]}),
    ("p", 1, "attachment", None, {"attachment": {"id": "at"}}),
    ("call", 0, "reasoning", "look it up", {}),
    ("call", 1, "tool_call", None, {"name": "find", "arguments": {"q": "é"}, "tool_call_id": "k1"}),
    ("got", 0, "tool_result", None, {"name": "find", "output": "first", "tool_call_id": "k1"}),
    ("got", 1, "tool_result", None, {"name": "find", "output": "second", "tool_call_id": "k2"}),
    ("r1", 0, "text", "Found.", {}),
    ("r2", 0, "text", "No idea.", {}),
]


def log(path: Path, *scripts: str, parts: bool = False) -> list[Found | Unreadable]:
    """What is read of a file made by these scripts."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for script in scripts:
            connection.executescript(script)
        if parts:
            connection.execute("INSERT INTO fragments VALUES (1, 'x', 'the novel')")
            connection.execute(
                "INSERT INTO attachments VALUES ('at', 'image/png', '/tmp/a.png', NULL, x'01')"
            )
            connection.executemany(
                "INSERT INTO parts (message_hash, position, type, text, payload) VALUES (?, ?, ?, ?, ?)",
                [(*part[:4], json.dumps(part[4])) for part in PARTS],
            )
    return list(read_llm_log(path))


def test_the_older_form(tmp_path: Path) -> None:
    [found] = log(tmp_path / "logs.db", OLDEST)
    assert isinstance(found, Found)
    conversation = found.conversation
    assert (conversation.id, conversation.title) == ("llm-c1", "Puns")
    assert [(message.role, message.text) for message in conversation.path()] == [
        (Role.SYSTEM, "Be brief"),
        (Role.USER, "Puns?"),
        (Role.ASSISTANT, "One"),
        (Role.USER, "More"),
        (Role.ASSISTANT, "Two"),
    ]
    reply = conversation["llm-c1/b-r"]
    assert (reply.model, reply.duration_s, reply.ending) == ("gpt-4", 1.5, Ending.COMPLETE)
    assert (conversation.created_at, found.updated_at) == (1704067200.0, 1704153600.0)


def test_the_later_form_with_branches_tools_fragments_and_attachments(tmp_path: Path) -> None:
    entries = log(tmp_path / "logs.db", LATER, parts=True)
    found = next(entry for entry in entries if isinstance(entry, Found) and entry.conversation.id == "llm-t1")
    conversation = found.conversation
    assert [message.text for message in conversation.path()] == ["About the novel", "No idea."]
    assert conversation["llm-t1/p"].attachments == (Attachment("a.png", "image/png", b"\1"),)
    assert conversation.siblings("llm-t1/r2") == ("llm-t1/call", "llm-t1/r2")
    conversation.choose("llm-t1/call")
    assert [(message.role, message.text, message.tool_call_id) for message in conversation.path()[1:]] == [
        (Role.ASSISTANT, "", ""),
        (Role.TOOL, "first", "k1"),
        (Role.TOOL, "second", "k2"),
        (Role.ASSISTANT, "Found.", ""),
    ]
    call = conversation["llm-t1/call"]
    assert (call.reasoning, call.tool_calls) == ("look it up", (ToolCall("k1", "find", '{"q": "é"}'),))
    usage = conversation["llm-t1/r1"].usage
    assert usage is not None
    assert (usage.prompt_tokens, usage.completion_tokens) == (3, 4)


def test_a_conversation_in_both_forms_is_read_once(tmp_path: Path) -> None:
    entries = log(tmp_path / "logs.db", OLDEST, LATER, parts=True)
    ids = [entry.conversation.id for entry in entries if isinstance(entry, Found)]
    assert sorted(ids) == ["llm-c1", "llm-t1"]


def test_what_is_no_such_file_is_said(tmp_path: Path) -> None:
    assert [type(entry) for entry in log(tmp_path / "other.db", "CREATE TABLE x (y)")] == [Unreadable]
    (tmp_path / "torn.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 3000)
    assert is_llm_log(tmp_path / "torn.db")
    assert [type(entry) for entry in read_llm_log(tmp_path / "torn.db")] == [Unreadable]
    (tmp_path / "text").write_text("{}")
    assert not is_llm_log(tmp_path / "text")
