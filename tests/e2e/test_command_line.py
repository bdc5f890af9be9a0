"""What a shell sees: output, diagnostics, exit status; one clear line for every mistake."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import run
from support.demo import DemoServer
from support.terminal import Terminal, isolated


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A demo server without a pace."""
    with DemoServer() as server:
        yield server


def test_words_go_to_standard_output(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", server.url, "hello")
    assert done.stdout.startswith("Hello! I am the **offline demo**")
    assert (done.stderr, done.returncode) == ("", 0)


def test_standard_input_goes_along(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", server.url, "--json", stdin="cut")
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["event"], last["ending"], last["finish_reason"]) == ("ended", "length", "length")
    assert (done.returncode, last["attempts"], last["usage"]["prompt_tokens"]) == (3, 1, 1)


def test_a_whole_answer_at_once(server: DemoServer, tmp_path: Path) -> None:
    streamed = run(tmp_path, "ask", "--base-url", server.url, "table")
    whole = run(tmp_path, "ask", "--base-url", server.url, "--no-stream", "table")
    assert whole.stdout == streamed.stdout
    assert whole.returncode == 0


def test_a_limit_cuts(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", server.url, "--max-tokens", "3", "hello")
    assert (done.stdout, done.returncode) == ("Hello! I\n", 3)
    assert "cut at the token limit" in done.stderr


def test_options_before_the_command_count_as_well(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "--base-url", server.url, "--max-tokens", "3", "ask", "hello")
    assert done.stdout == "Hello! I\n"


def test_a_dropped_connection_is_joined(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", server.url, "drop")
    assert done.stdout.endswith("If you can read this last sentence, it worked.\n")
    assert "asking for the rest" in done.stderr
    assert done.returncode == 0


def test_an_interrupt_stops_and_says_so(tmp_path: Path) -> None:
    with DemoServer(pace=50) as server:
        child = subprocess.Popen(
            [sys.executable, "-m", "llmhub_tui", "ask", "--base-url", server.url, "long"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=isolated(tmp_path),
        )
        assert child.stdout is not None
        assert child.stdout.read(10)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=20)
        assert (child.returncode, err) == (130, b"llmhub-chat: stopped\n")
        server.wait_for("disconnects", 1)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--bogus"], 2, "No such option '--bogus'"),
        (["ask"], 2, "there is no prompt"),
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["ask", "--temperature", "hot", "x"], 2, "'hot' is not a valid float"),
        (["ask", "--base-url", "example.com", "x"], 1, "must begin with http"),
        (["ask", "--profile", "nope", "x"], 1, "there is no profile 'nope'"),
        (["ask", "--base-url", "http://llm.example.com/v1", "x"], 1, "not sent over plain http"),
        ([], 2, "the chat needs a terminal"),
    ],
)
def test_a_mistake_gets_one_clear_line(
    tmp_path: Path, arguments: list[str], status: int, message: str
) -> None:
    done = run(tmp_path, *arguments, LLMHUB_API_KEY="sk-planted-key-123")
    assert done.returncode == status
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "sk-planted" not in done.stderr + done.stdout


def test_an_unreadable_settings_file_gets_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("profile = ")
    path.chmod(0o600)
    done = run(tmp_path, "ask", "x", LLMHUB_CONFIG=str(path))
    assert done.returncode == 1
    assert "settings.toml is not used: it is no valid TOML" in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_network_is_said_after_the_retries(tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", "http://127.0.0.1:9/v1", "-m", "m", "x")
    assert done.returncode == 1
    assert "nothing listens at 127.0.0.1:9" in done.stderr.splitlines()[-1]


def test_a_wrong_key_is_said_with_what_to_do(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", server.url, "error 401", LLMHUB_API_KEY="sk-planted-key-123")
    assert done.returncode == 1
    assert "Incorrect API key" in done.stderr
    assert "Check the API key" in done.stderr


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_move_its_cursor_is_refused(tmp_path: Path, term: str) -> None:
    with Terminal([], env=isolated(tmp_path, TERM=term), cwd=tmp_path) as terminal:
        assert terminal.exit_status() == 2
    assert b"llmhub-chat ask" in terminal.recorded


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--version"], ("textual", "rich", "openai", "sqlite3", "starlette", "uvicorn")),
        (["--help"], ("textual", "rich", "openai", "sqlite3", "starlette", "uvicorn")),
        (["ask", "--base-url", "URL", "hello"], ("textual", "rich", "starlette", "uvicorn")),
    ],
)
def test_nothing_is_loaded_that_is_not_needed(
    server: DemoServer, tmp_path: Path, arguments: list[str], unwanted: tuple[str, ...]
) -> None:
    code = (
        "import sys\nfrom llmhub_tui.cli.main import run\nstatus = run(sys.argv[1:])\n"
        "print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))\nsys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *[server.url if part == "URL" else part for part in arguments]],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=isolated(tmp_path),
        timeout=50,
    )
    loaded = set(done.stdout.splitlines()[-1].split()[1:])
    assert "llmhub_tui" in loaded
    assert loaded.isdisjoint(unwanted)


def test_the_version_is_said(tmp_path: Path) -> None:
    done = run(tmp_path, "--version")
    assert done.stdout.startswith("llmhub-chat, version ")
    assert done.returncode == 0


def test_the_first_frame_needs_neither_sdk_nor_database_nor_markdown() -> None:
    code = "import sys, llmhub_tui.cli.chat, llmhub_tui.tui.app; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=50
    ).stdout.split()
    assert "textual.app" in loaded
    assert set(loaded).isdisjoint({"openai", "sqlite3", "markdown_it", "pygments", "msgspec", "uvicorn"})
    later = {"wcwidth", "llmhub_tui.session.session", "llmhub_tui.tools", "llmhub_tui.tui.history"}
    later |= {
        "llmhub_tui.domain.events",
        "llmhub_tui.render",
        "llmhub_tui.tui.showing",
    }
    assert set(loaded).isdisjoint(later)
