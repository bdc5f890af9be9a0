"""`llmhub-chat history`: everything that is saved is found, changed, exported and taken in from a shell."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.terminal import Terminal, isolated

from llmhub_tui.cli.main import run
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.export.as_json import from_json
from llmhub_tui.store.library import Library

Shell = Callable[..., tuple[int, str, str]]


def talk(name: str, title: str, reply: str = "Because.") -> Conversation:
    """A prompt and two attempts at a reply."""
    return Conversation(
        name,
        title=title,
        created_at=1.79e9,
        messages=[
            Message(f"{name}p", None, Role.USER, f"About {title}?"),
            Message(f"{name}a", f"{name}p", Role.ASSISTANT, "First try.", ending=Ending.STOPPED),
            Message(f"{name}b", f"{name}p", Role.ASSISTANT, reply, model="m", ending=Ending.COMPLETE),
        ],
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with three conversations; `cccc3333` was used last."""
    library = Library(tmp_path / "data")
    titles = [("aaaa1111", "Red apples"), ("bbbb2222", "東京 at night"), ("cccc3333", "Red cars")]
    for number, (name, title) in enumerate(titles):
        library.keep(talk(name, title), updated_at=1.79e9 + number)
    assert library.close()
    return tmp_path / "data"


@pytest.fixture
def shell(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    """Runs `llmhub-chat history …`; answers with status, output and diagnostics."""
    monkeypatch.setenv("LLMHUB_DATA_DIR", str(data))
    monkeypatch.chdir(tmp_path)

    def history(*arguments: str) -> tuple[int, str, str]:
        status = run(["history", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    yield history


def titles(shell: Shell, *arguments: str) -> list[str]:
    """The titles that `history list` names."""
    return [entry["title"] for entry in json.loads(shell("list", "--json", *arguments)[1])]


def test_list_for_people_and_for_programs(shell: Shell) -> None:
    status, text, said = shell("list")
    assert (status, said) == (0, "")
    assert text.splitlines() == [
        "cccc3333  2026-09-21 14:13     3  Red cars",
        "bbbb2222  2026-09-21 14:13     3  東京 at night",
        "aaaa1111  2026-09-21 14:13     3  Red apples",
    ]
    assert titles(shell, "red") == ["Red cars", "Red apples"]
    assert titles(shell, "-n", "1") == ["Red cars"]
    [first] = json.loads(shell("list", "-n", "1", "--json")[1])
    assert (first["id"], first["model"], first["ending"]) == ("cccc3333", "m", "complete")


def test_search_finds_every_attempt(shell: Shell) -> None:
    status, text, _ = shell("search", "first try", "-n", "1")
    assert (status, text) == (0, "cccc3333  Red cars  assistant: First try.\n")
    hits = json.loads(shell("search", "--json", "東京")[1])
    assert [(hit["conversation_id"], hit["snippet"], hit["spans"]) for hit in hits] == [
        ("bbbb2222", "About 東京 at night?", [[6, 8]])
    ]
    assert shell("search", "absent")[:2] == (1, "")


def test_show_names_one_or_says_which_there_are(shell: Shell) -> None:
    assert "About Red cars?" in shell("show")[1]
    assert "About 東京 at night?" in shell("show", "bbbb")[1]
    assert shell("show", "apples", "-f", "md")[1].startswith("# Red apples\n")
    assert from_json(shell("show", "apples", "--json")[1]).messages == talk("aaaa1111", "Red apples").messages
    status, text, said = shell("show", "red")
    assert (status, text) == (1, "")
    assert "may mean several: cccc3333 Red cars; aaaa1111 Red apples" in said
    assert "no conversation has the id or title 'zebra'" in shell("show", "zebra")[2]


def test_rename_delete_undo_and_compact(shell: Shell) -> None:
    assert shell("rename", "apples", "Green", "pears")[0] == 0
    assert titles(shell) == ["Red cars", "東京 at night", "Green pears"]
    assert shell("delete", "Green pears", "bbbb2222")[0] == 0
    assert titles(shell) == ["Red cars"]
    assert shell("delete", "--undo", "aaaa1111")[0] == 0
    assert titles(shell) == ["Red cars", "Green pears"]
    done = json.loads(shell("compact", "--json")[1])
    assert done["removed"] == 1
    assert "no conversation has the id" in shell("delete", "--undo", "bbbb2222")[2]


def test_path_and_check(shell: Shell, data: Path) -> None:
    assert shell("path")[1] == f"{data / 'chats.db'}\n"
    assert json.loads(shell("path", "--json")[1]) == {"path": str(data / "chats.db")}
    assert shell("check")[:2] == (0, "no damage found\n")
    assert json.loads(shell("check", "--json")[1]) == {"sound": True, "problems": []}


def test_export_one_by_title_format_or_name(shell: Shell, tmp_path: Path) -> None:
    assert shell("export", "apples")[1] == "Red apples.md\n"
    assert (tmp_path / "Red apples.md").read_text().startswith("# Red apples\n")
    assert shell("export", "apples", "-o", "a.html")[0] == 0
    assert (tmp_path / "a.html").read_text().startswith("<!DOCTYPE html>")
    assert shell("export", "apples", "-f", "txt", "-o", "plain")[1] == "plain.txt\n"
    assert "do not fit together" in shell("export", "apples", "-f", "json", "-o", "a.html")[2]
    status, _, said = shell("export", "apples")
    assert (status, "--force overwrites it" in said) == (1, True)
    assert shell("export", "apples", "--force")[0] == 0


def test_export_all_gives_each_a_file_and_overwrites_none(shell: Shell, tmp_path: Path) -> None:
    assert shell("rename", "cars", "Red apples")[0] == 0
    written = json.loads(shell("export", "--all", "-f", "json", "-o", "out", "--json")[1])
    assert [Path(entry["path"]).name for entry in written] == [
        "Red apples.json",
        "東京 at night.json",
        "Red apples (2).json",
    ]
    assert shell("export", "--all", "-f", "json", "-o", "out")[0] == 0
    assert len(list((tmp_path / "out").iterdir())) == 6
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_what_was_exported_comes_back_and_importing_twice_adds_nothing(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell("export", "--all", "-f", "json", "-o", "out")[0] == 0
    assert shell("import", "out")[1] == "0 conversations with 0 messages added; 3 were there already\n"
    monkeypatch.setenv("LLMHUB_DATA_DIR", str(tmp_path / "other"))
    assert shell("import", "out")[1] == "3 conversations with 9 messages added; 0 were there already\n"
    assert shell("import", "out")[1] == "0 conversations with 0 messages added; 3 were there already\n"
    library = Library(tmp_path / "other")
    assert library.load("aaaa1111")[0].messages == talk("aaaa1111", "Red apples").messages
    assert library.load("aaaa1111")[0].chosen == talk("aaaa1111", "Red apples").chosen
    library.close()


def test_an_import_never_touches_what_another_conversation_says(
    shell: Shell, tmp_path: Path, data: Path
) -> None:
    shell("export", "apples", "-o", "a.json")
    document: dict[str, Any] = json.loads((tmp_path / "a.json").read_text())
    document["id"] = "copy"
    document["messages"][0]["text"] = "changed by hand"
    (tmp_path / "copy.json").write_text(json.dumps(document))
    for added in (1, 0):
        assert json.loads(shell("import", "copy.json", "--json")[1])["added"] == added
    library = Library(data)
    assert library.load("aaaa1111")[0].messages == talk("aaaa1111", "Red apples").messages
    copied = library.load("copy")[0]
    assert [message.text for message in copied.path()] == ["changed by hand", "Because."]
    library.close()


def test_what_cannot_be_read_is_said_line_by_line_and_the_rest_is_taken(shell: Shell, tmp_path: Path) -> None:
    good = {"uuid": "g", "name": "Good", "chat_messages": [{"uuid": "1", "sender": "human", "text": "x"}]}
    bad = {"uuid": "b", "name": "B\x1b]0;x\x07ad", "chat_messages": [{"uuid": "1", "sender": "nobody"}]}
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("conversations.json", json.dumps([bad, 7, good]))
    status, text, said = shell("import", "export.zip")
    start = "llmhub-chat: export.zip: conversations.json"
    assert status == 1
    assert text.startswith("2 conversations with 2 messages added; 0 were there already; 2 entries")
    assert said.splitlines() == [
        f"{start}: entry 1 “B␛]0;x␇ad”, message 1: it does not say who speaks",
        f"{start}: entry 2: it is no JSON object",
    ]
    assert titles(shell, "good") == ["Good"]


def test_an_archived_chat_stays_archived(shell: Shell, tmp_path: Path) -> None:
    node = {"message": {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["x"]}}}
    record = {"id": "1", "title": "Old one", "mapping": {"n": node}, "is_archived": True}
    (tmp_path / "conversations.json").write_text(json.dumps([record]))
    assert shell("import", "conversations.json")[0] == 0
    assert titles(shell, "old") == []
    assert titles(shell, "old", "--archived") == ["Old one"]


COMPLETE = r"""
eval "$({program} completion bash)"
COMP_WORDS=({words}); COMP_CWORD=$(({count} - 1))
_llmhub_chat_completion {program}
printf '%s\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed, so its completion was not tried")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["history", "ex"], ["export"]),
        (["history", "show", "Red"], ["Red\\ cars", "Red\\ apples"]),
        (["history", "show", "Red\\ a"], ["Red\\ apples"]),
        (["history", "delete", "東"], ["東京\\ at\\ night"]),
        (["-r", "night"], ["東京\\ at\\ night"]),
        (["history", "show", "--fo"], ["--format"]),
        (["history", "show", "-f", "h"], ["html"]),
    ],
)
def test_a_real_bash_completes_commands_and_titles(
    data: Path, tmp_path: Path, words: list[str], expected: list[str]
) -> None:
    (tmp_path / "llmhub-chat").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m llmhub_tui "$@"\n')
    (tmp_path / "llmhub-chat").chmod(0o700)
    quoted = " ".join("'" + word + "'" for word in ["llmhub-chat", *words])
    script = COMPLETE.format(program="llmhub-chat", words=quoted, count=len(words) + 1)
    env = isolated(tmp_path / "home", LLMHUB_DATA_DIR=str(data))
    env["PATH"] = f"{tmp_path}:{env['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=50
    )
    assert done.stdout.split("\n")[:-1] == expected, done.stderr


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_every_shell_gets_a_script(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", name]) == 0
    script = capsys.readouterr().out
    assert f"_LLMHUB_CHAT_COMPLETE={name}_complete" in script
    if known := shutil.which(name):
        subprocess.run([known, "-n"], input=script, text=True, check=True, timeout=20)


def test_history_alone_says_what_there_is(shell: Shell) -> None:
    status, output, diagnostics = shell()
    assert (status, output) == (2, "")
    assert "\n  search " in diagnostics
    assert "\n  compact " in diagnostics


def test_resume_asks_which_where_words_name_several(data: Path, tmp_path: Path) -> None:
    env = isolated(tmp_path / "home", LLMHUB_DATA_DIR=str(data))
    with Terminal(["--demo", "-r", "red"], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(
            "1  2026-09-21 14:13  Red cars", "2  2026-09-21 14:13  Red apples", "Open which [1]?"
        )
        terminal.send("2\r")
        terminal.wait_for("About Red apples?", "Because.")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
