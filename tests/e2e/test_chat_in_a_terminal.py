"""The real command in a real pseudo-terminal, against a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.demo import DemoServer
from support.terminal import Terminal, isolated

ESCAPE, CTRL_G, CTRL_N, CTRL_Q, CTRL_R, CTRL_S = "\x1b", "\x07", "\x0e", "\x11", "\x12", "\x13"
F1 = "\x1bOP"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """A demo server that writes about as fast as a person reads."""
    with DemoServer(pace=60) as server:
        yield server


@pytest.fixture
def fast_server() -> Iterator[DemoServer]:
    """A demo server without a pace."""
    with DemoServer() as server:
        yield server


def chat(home: Path, *arguments: str, lines: int = 40, **env: str) -> Terminal:
    """The chat, in a folder of its own."""
    return Terminal(arguments, env=isolated(home, **env), cwd=home, lines=lines)


def test_type_read_stop_retry_save_and_quit(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url) as terminal:
        terminal.wait_for("ready")
        terminal.send("hello\r")
        terminal.wait_for("You ·", "hello", "offline demo", "done ·")

        terminal.send("long\r")
        terminal.wait_for("Chapter 1", "streaming")
        terminal.send(ESCAPE)
        terminal.wait_for("■ stopped", "Ctrl+R retries")
        server.wait_for("disconnects", 1)
        server.wait_for("active", 0)

        terminal.send(CTRL_R)
        terminal.wait_for("2/2", "Chapter 1")
        terminal.send(ESCAPE)
        terminal.wait_for("■ stopped")
        server.wait_for("disconnects", 2)

        terminal.send(CTRL_S)
        terminal.wait_for("Save the transcript", "hello.md")
        terminal.send("\r")
        terminal.wait_for("Saved to")
        saved = (tmp_path / "hello.md").read_text()
        assert "attempt 2/2 · stopped" in saved
        assert "attempt 1/2 · stopped" in saved

        terminal.send(CTRL_Q)
        assert terminal.exit_status() == 0
    assert b"\x1b[?1049l" in terminal.recorded  # the screen is given back


def test_what_is_typed_before_anything_is_shown_stands_in_the_prompt(
    fast_server: DemoServer, tmp_path: Path
) -> None:
    with chat(tmp_path, "--base-url", fast_server.url) as terminal:
        terminal.send("really ")
        terminal.wait_until(lambda _: b"\x1b[?1049h" in terminal.recorded)
        terminal.send("early")
        terminal.wait_for("│ really early", "ready")


def test_a_cut_reply_is_continued(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url) as terminal:
        terminal.wait_for("ready")
        terminal.send("cut\r")
        terminal.wait_for("cut by length · Ctrl+G raises the limit and continues")
        terminal.send(CTRL_G)
        assert terminal.wait_for("2/2", "nothing repeated", "done ·")


def test_a_dropped_connection_is_joined_with_nothing_doubled(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url) as terminal:
        terminal.wait_for("ready")
        terminal.send("drop\r")
        text = terminal.wait_for("it worked.", "done ·")
    assert " ".join(text.split()).count("This reply is cut off on purpose") == 1
    assert server.status()["requests"] == 2


def test_a_killed_chat_comes_back_with_what_had_arrived(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url) as terminal:
        terminal.wait_for("ready")
        terminal.send("slow\r")
        terminal.wait_for("One word at a time")
        terminal.kill()
    with chat(tmp_path, "--base-url", server.url, "-c") as terminal:
        terminal.wait_for("You ·", "slow", "One word at a", "incomplete", "what had arrived")
        terminal.send(CTRL_G)
        assert terminal.wait_for("2/2", "One word at a time, with a")


def test_a_paste_with_newlines_is_not_sent(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url) as terminal:
        terminal.wait_for("ready")
        terminal.paste("hello,\ngood evening")
        terminal.wait_for("hello,", "good evening")
        assert server.status()["requests"] == 0
        terminal.send("\r")
        terminal.wait_for("done ·")
        assert server.status()["requests"] == 1


def test_quitting_in_mid_reply_asks_once(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url) as terminal:
        terminal.wait_for("ready")
        terminal.send("long\r")
        terminal.wait_for("streaming")
        terminal.send(CTRL_Q)
        terminal.wait_for("Stop it and quit?")
        terminal.send(ESCAPE)
        terminal.wait_until(lambda text: "Stop it and quit?" not in text)
        terminal.send(CTRL_Q)
        terminal.wait_for("Stop it and quit?")
        terminal.send("\t\r")
        assert terminal.exit_status() == 0
        server.wait_for("active", 0)


def test_with_no_key_it_starts_on_the_demo_and_ends_it(tmp_path: Path) -> None:
    with chat(tmp_path) as terminal:
        terminal.wait_for("Offline demo", "ready")
        terminal.send("how do I connect to Ollama?\r")
        terminal.wait_for("--profile ollama", "done ·")
        terminal.send(CTRL_Q)
        assert terminal.exit_status() == 0


@pytest.mark.parametrize(("columns", "lines"), [(120, 40), (80, 24), (40, 12), (20, 6)])
def test_it_works_at_any_size_and_without_color(
    fast_server: DemoServer, tmp_path: Path, columns: int, lines: int
) -> None:
    env = isolated(tmp_path, NO_COLOR="1")
    arguments = ["--base-url", fast_server.url]
    with Terminal(arguments, env=env, cwd=tmp_path, columns=columns, lines=lines) as terminal:
        terminal.wait_for("ready")
        terminal.send("table\r")
        terminal.wait_for("done")
        terminal.send(CTRL_Q)
        assert terminal.exit_status() == 0


def test_a_wrong_base_url_gets_an_inline_error_with_what_to_do(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url.removesuffix("/v1"), "-m", "x") as terminal:
        terminal.wait_for("ready")
        terminal.send("hello\r")
        assert terminal.wait_for(
            "Unknown request URL", "try http://127.0.0.1", "/v1", "failed · Ctrl+R retries"
        )


def test_an_unknown_model_gets_an_inline_error(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url, "-m", "nope") as terminal:
        terminal.wait_for("ready")
        terminal.send("hello\r")
        assert terminal.wait_for("`nope` does not exist", "Choose a model")


def test_the_help_opens_and_closes(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, "--base-url", server.url) as terminal:
        terminal.wait_for("ready")
        terminal.send(F1)
        terminal.wait_for("Writing a prompt", "Enter sends the prompt")
        terminal.send(ESCAPE)
        terminal.wait_until(lambda text: "Writing a prompt" not in text)
        terminal.send(CTRL_N)
        assert terminal.wait_for("ready")


def test_a_theme_that_is_not_there_is_said(tmp_path: Path) -> None:
    with Terminal(["--demo", "--theme", "no[such]"], env=isolated(tmp_path), cwd=tmp_path) as chat:
        chat.wait_for("There is no theme “no[such]”")
        chat.send("\x11")
        assert chat.exit_status() == 0
