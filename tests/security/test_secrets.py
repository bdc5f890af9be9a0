"""A key is where it must be and nowhere else: not in errors, logs, other programs' environments."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.bytecheck import flags
from support.hostile import FEW
from support.wire import JSON, SSE, ask, failing, problem, reply, serving

from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.cli.crash import open_log
from llmhub_tui.cli.environment import hide, take_environment
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.secret import Secret, redacted
from llmhub_tui.settings.keys import find_key
from llmhub_tui.settings.reading import read_settings
from llmhub_tui.settings.schema import Profile
from llmhub_tui.store.journal import FILE_NAME, close_journal, open_journal

KEY = Secret("planted/0123456789+abcdef")
"""Looks like no key, so that only knowing it helps."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    """An open log."""
    yield open_journal(tmp_path / "data", "debug")
    close_journal()


@pytest.mark.parametrize("form", ["planted/0123456789+abcdef", "planted%2F0123456789%2Babcdef"])
def test_every_error_is_free_of_keys_whoever_made_it(form: str) -> None:
    error = ChatError(ErrorKind.AUTH, f"no key {form}!", advice=f"not {form}")
    for text in (error.message, error.advice, str(error), repr(error), repr(error.failure())):
        assert "0123456789" not in text
    assert error.message == "no key [key removed]!"


def test_a_short_word_is_no_key() -> None:
    assert Secret("ollama").reveal() == "ollama"
    assert redacted("ollama is not running") == "ollama is not running"


async def test_a_server_that_repeats_the_key_is_not_quoted() -> None:
    for padding in (0, 1980, 1990, 2000, 480, 490):  # wherever its words are cut
        said = problem("x" * padding + " " + KEY.reveal())
        error = await failing(reply("401 Unauthorized", said, JSON))
        assert "planted" not in error.message
        midstream = b"data: " + said + b"\n\n"
        async with serving(reply("200 OK", midstream, SSE)) as seen:
            with pytest.raises(ChatError) as caught:
                await ask(Endpoint(seen.url, KEY))
        assert "planted" not in caught.value.message


async def test_a_key_in_a_header_is_a_key() -> None:
    with pytest.raises(ChatError, match="plain http"):
        await ask(Endpoint("http://api.example/v1", headers={"X-Api-Key": "abcdefgh12345"}))
    with pytest.raises(ChatError, match="proxy"):
        await ask(Endpoint("http://127.0.0.1:9/v1", KEY, proxy="http://10.0.0.1:3128"))
    assert redacted("abcdefgh12345") == "[key removed]"


def test_the_log_is_private_redacted_and_drives_no_terminal(journal: Path) -> None:
    log = logging.getLogger("llmhub_tui.test")
    log.debug("the key is %s", KEY.reveal())
    for text in FEW.values():
        text = text.encode("utf-8", "ignore").decode()  # pytest's own capture takes no surrogates
        log.warning("a reply: %s", text)
    try:
        raise ValueError(f"{KEY.reveal()} \x1b[2J")
    except ValueError:
        log.exception("failed")
    data = journal.read_bytes()
    assert b"planted" not in data
    assert b"ValueError: [key removed]" in data
    assert flags(data.replace(b"\t", b" ")) == []
    assert oct(journal.stat().st_mode)[-3:] == "600"


def test_the_log_is_rotated_and_stays_private(journal: Path) -> None:
    log = logging.getLogger("llmhub_tui.test")
    for _ in range(40):
        log.warning("x" * 50_000)
    found = sorted(journal.parent.glob(f"{FILE_NAME}*"))
    assert [path.name for path in found] == [FILE_NAME, f"{FILE_NAME}.1", f"{FILE_NAME}.2"]
    assert {oct(path.stat().st_mode)[-3:] for path in found} == {"600"}
    assert sum(path.stat().st_size for path in found) < 2 << 20


def test_libraries_log_their_errors_only(journal: Path) -> None:
    logging.getLogger("httpx2").info("POST /v1 with everything")
    logging.getLogger("asyncio").error("an exception was never retrieved")
    text = journal.read_text()
    assert "everything" not in text
    assert "never retrieved" in text


def test_a_thread_that_fails_is_logged_and_not_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = (
        "import sys, threading; from llmhub_tui.cli.crash import open_log\n"
        "path = open_log({'LLMHUB_DATA_DIR': sys.argv[1]}, 'warning')\n"
        "def fail(): raise ValueError('\\x1b[2J in a thread')\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "print(open(path).read())"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert done.stderr == ""
    assert "ValueError: ␛[2J in a thread" in done.stdout


def test_a_log_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert open_log({"LLMHUB_DATA_DIR": str(blocked)}, "warning") == ""


def test_what_cannot_be_logged_is_not_printed_instead(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    code = (
        "import os, logging, sys; from llmhub_tui.cli.crash import report_crash\n"
        "report_crash('Traceback: a key of nobody', {'LLMHUB_DATA_DIR': sys.argv[1]})\n"
        "logging.getLogger('asyncio').error('an exception was never retrieved')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(blocked)], capture_output=True, text=True)
    assert done.stderr == "llmhub-chat: llmhub-chat failed (Traceback: a key of nobody)\n"


def test_a_key_that_begins_with_another_is_removed_as_a_whole() -> None:
    short = "planted-prefix-of-keys"
    for more in range(20):
        Secret(short + "/" * more)
    for more in range(20):
        assert redacted(f"a {short}{'/' * more} b") == "a [key removed] b"


def test_other_programs_inherit_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "a-key-by-name")
    monkeypatch.setenv("ODD_NAME", KEY.reveal())
    monkeypatch.setenv("OPENAI_LOG", "debug")
    environ = take_environment()
    assert environ["SOME_API_KEY"] == "a-key-by-name"
    hide(["ODD_NAME", ""])
    shown = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    assert "a-key-by-name" not in shown
    assert "planted" not in shown
    assert "OPENAI_LOG" not in shown


def test_a_key_command_is_asked_without_the_keys_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_API_KEY", "somebody-elses")
    take_environment()
    command = ("sh", "-c", 'echo "key-for-${OTHER_API_KEY:-nobody}"')
    found = find_key("p", Profile("https://a.example", key_command=command), os.environ)
    assert found is not None
    assert found.reveal() == "key-for-nobody"


def test_settings_that_others_may_write_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    file = folder / "config.toml"
    file.write_text('theme = "nord"\n')
    file.chmod(0o600)
    assert read_settings(file).theme == "nord"
    file.chmod(0o620)
    with pytest.raises(ChatError, match="others may write to it"):
        read_settings(file)
    file.chmod(0o600)
    folder.chmod(0o777)
    with pytest.raises(ChatError, match="others may write to its folder"):
        read_settings(file)


def test_nothing_is_read_from_the_working_directory(tmp_path: Path) -> None:
    for name in ("config.toml", ".env", "llmhub-chat.toml", "pyproject.toml"):
        (tmp_path / name).write_text('profile = "nowhere"\nLLMHUB_BASE_URL=http://127.0.0.1:1/v1\n')
    for name in ("uvicorn.py", "starlette.py", "keyring.py"):
        (tmp_path / name).write_text("raise SystemExit('hijacked')\n")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "llmhub_tui", "ask", "--no-save", "hello"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=env,
        stdin=subprocess.DEVNULL,
        timeout=50,
    )
    assert done.stderr == ""
    assert "offline demo" in done.stdout
