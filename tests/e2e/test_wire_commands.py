"""Models, recordings and replays, through the real command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import run
from support.demo import DemoServer


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A demo server without a pace."""
    with DemoServer() as server:
        yield server


def test_models_are_listed(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "models", "--base-url", server.url)
    assert (done.stdout, done.returncode) == ("llmhub-demo\nllmhub-demo-fast\n", 0)
    assert json.loads(run(tmp_path, "models", "--json", "--base-url", server.url).stdout)[0] == "llmhub-demo"
    assert list(tmp_path.rglob("llmhub-chat.log"))
    failed = run(tmp_path, "models", "--base-url", "http://127.0.0.1:9/v1")
    assert "nothing listens" in failed.stderr
    assert failed.returncode == 1


def test_what_was_recorded_plays_back(server: DemoServer, tmp_path: Path) -> None:
    path = str(tmp_path / "wire.jsonl")
    key = "sk-planted-key-0123456789"
    asked = run(tmp_path, "ask", "--base-url", server.url, "--record", path, "drop", LLMHUB_API_KEY=key)
    played = run(tmp_path, "replay", path, "--speed", "0")
    assert played.stdout == asked.stdout
    assert played.stdout.endswith("it worked.\n")
    assert (played.returncode, "asking for the rest" in played.stderr) == (0, True)
    assert key not in Path(path).read_text()
    last = json.loads(run(tmp_path, "replay", path, "--speed", "0", "--json").stdout.splitlines()[-1])
    assert (last["ending"], len(last["seams"])) == ("complete", 1)


def test_what_is_no_recording_gets_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    played = run(tmp_path, "replay", str(path))
    assert "is no recording" in played.stderr
    assert list(tmp_path.rglob("llmhub-chat.log"))
    recorded = run(tmp_path, "ask", "--demo", "--record", str(path), "hi")
    assert "is not overwritten" in recorded.stderr
    assert path.read_text() == "mine"
    assert (played.returncode, recorded.returncode) == (1, 1)
