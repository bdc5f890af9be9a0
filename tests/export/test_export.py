"""Transcripts: complete, read back exactly, and written safely."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from support.trees import conversations

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.export.as_json import from_json, to_json
from llmhub_tui.export.as_text import to_markdown, to_text
from llmhub_tui.export.files import FileExporter, default_name, write_file


@settings(max_examples=60)
@given(conversations())
def test_json_is_read_back_exactly(conversation: Conversation) -> None:
    found = from_json(to_json(conversation))
    assert found.messages == conversation.messages
    assert found.chosen == conversation.chosen
    assert (found.id, found.title, found.created_at) == (
        conversation.id,
        conversation.title,
        conversation.created_at,
    )


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": "llmhub-chat", "version": 99}', "no json"])
def test_what_is_no_transcript_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)


def talk(title: str = "A title") -> Conversation:
    """Two attempts at a reply; the second was stopped and is open."""
    return Conversation(
        "c",
        title=title,
        messages=[
            Message("p", None, Role.USER, "Why?", created_at=1_790_000_000.0),
            Message("a", "p", Role.ASSISTANT, "**Because.**", model="m", ending=Ending.COMPLETE),
            Message("b", "p", Role.ASSISTANT, "Well", model="m", ending=Ending.STOPPED),
        ],
    )


def test_markdown_has_everything_that_is_open_and_the_other_attempts() -> None:
    text = to_markdown(talk())
    assert text.startswith("# A title\n")
    assert "## You · 2026-09-21 14:13 UTC\n\nWhy?" in text
    assert "## Assistant · m · attempt 2/2 · stopped\n\nWell" in text
    assert "<details><summary>Assistant · m · attempt 1/2</summary>\n\n**Because.**" in text


def test_plain_text_has_the_open_path() -> None:
    assert "--- Assistant · m · attempt 2/2 · stopped ---\n\nWell\n" in to_text(talk())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is a monad?", "What is a monad.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("..", None),
        ("", None),
        ("CON", None),
        ("nul.txt", None),
        ("-rf ~", "rf.md"),
        ("a\0b\x1b[31mc", "a b [31mc.md"),
        ("C:\\Windows\\x|y", "C Windows x y.md"),
        ("夜の猫", "夜の猫.md"),
        ("x\u202egnp.exe", "x gnp.exe.md"),
        ("猫" * 100, "猫" * 40 + ".md"),
    ],
)
def test_a_file_name_is_safe_everywhere(title: str, name: str | None) -> None:
    found = default_name(Conversation("c", title=title, created_at=1_790_000_000.0))
    if name is None:
        assert found.startswith("chat 2026-09-2")
    else:
        assert found == name
    assert Path(found).name == found


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    exporter = FileExporter()
    exporter.write(talk("one"), path, overwrite=False)
    with pytest.raises(FileExistsError):
        exporter.write(talk("two"), path, overwrite=False)
    assert path.read_text().startswith("# one")
    exporter.write(talk("two"), path, overwrite=True)
    assert path.read_text().startswith("# two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.md"]


def test_the_ending_decides_the_format(tmp_path: Path) -> None:
    FileExporter().write(talk(), tmp_path / "a.json", overwrite=False)
    assert from_json((tmp_path / "a.json").read_text()).messages == talk().messages
    with pytest.raises(StorageError, match="ends in none of"):
        FileExporter().write(talk(), tmp_path / "a.exe", overwrite=False)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    (tmp_path / "a.md").symlink_to(target)
    for overwrite in (False, True):
        with pytest.raises(StorageError, match="link"):
            write_file(tmp_path / "a.md", "x", overwrite=overwrite)
    assert target.read_text() == "precious"


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_file(tmp_path / "nowhere" / "a.md", "x", overwrite=False)
    if sys.platform == "linux" and os.path.exists("/dev/full"):
        with pytest.raises(StorageError, match="no file"):
            write_file(Path("/dev/full"), "x", overwrite=True)


def test_calls_and_results_are_written_as_blocks_that_nothing_in_them_ends() -> None:
    call = ToolCall("x", "read_file", '{"path": "a.md"}')
    output = "# no heading\n```\ncode\n````\n"
    conversation = Conversation(
        "c",
        messages=[
            Message("p", None, Role.USER, "read it"),
            Message("r", "p", Role.ASSISTANT, tool_calls=(call,), ending=Ending.TOOL_CALLS),
            Message("t", "r", Role.TOOL, output, tool_call_id="x", model="read_file", ending=Ending.COMPLETE),
        ],
    )
    for text in (to_markdown(conversation), to_text(conversation)):
        assert 'Tool call: `read_file`\n\n```json\n{"path": "a.md"}\n```' in text
        assert f"`````\n{output}`````" in text
        assert "Tool · read_file" in text
    assert from_json(to_json(conversation)).messages == conversation.messages
