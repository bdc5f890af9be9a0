"""What the disk does not take is said, kept, saved when it can be, and not lost by leaving."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.app import Stage, saved_in, until_idle, until_open, until_screen
from support.scripted import saying
from textual.pilot import Pilot

from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.dialogs.save import SaveDialog
from llmhub_tui.tui.dialogs.unsaved import UnsavedDialog
from llmhub_tui.tui.widgets.banner import Banner


async def until_banner(pilot: Pilot[int], words: str) -> None:
    """Waits until the banner says this; for no words, until it is gone."""
    app = pilot.app
    assert isinstance(app, ChatApp)
    banner = app.chat_screen.query_one(Banner)
    for _ in range(500):
        await pilot.pause(0.01)
        if (words in str(banner.visual)) if words else not banner.display:
            return
    raise AssertionError(f"the banner: {banner.display} {banner.visual}")


async def until_left(pilot: Pilot[int]) -> None:
    """Waits until the program has ended."""
    while pilot.app.is_running:
        await pilot.pause(0.01)


async def test_the_banner_stands_while_something_is_not_saved_and_then_goes() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        stage.library.full = True
        await until_banner(pilot, "Not saved: the disk is full. It is kept in memory")
        stage.library.full = False
        await until_banner(pilot, "")


async def test_leaving_offers_to_write_what_is_not_saved_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stage = Stage([saying("the reply")], full=True)
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"question", "enter")
        await until_idle(pilot)
        await pilot.press(*"not sent", "ctrl+q")
        await until_screen(pilot, UnsavedDialog)
        await pilot.press("escape")
        await pilot.pause()
        assert stage.app.is_running
        await pilot.press("ctrl+q")
        await until_screen(pilot, UnsavedDialog)
        await pilot.press("enter")
        await until_screen(pilot, SaveDialog)
        await pilot.press("enter")
        await until_left(pilot)
    assert saved_in(tmp_path) == ["question.md"]
    written = (tmp_path / "question.md").read_text()
    assert all(text in written for text in ("question", "the reply", "not sent"))


async def test_whoever_gives_up_the_file_stays() -> None:
    stage = Stage([saying("the reply")], full=True)
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        await pilot.press("ctrl+q")
        await until_screen(pilot, UnsavedDialog)
        await pilot.press("enter")
        await until_screen(pilot, SaveDialog)
        await pilot.press("escape")
        await pilot.pause()
        assert stage.app.is_running
        await pilot.press("ctrl+q")
        await until_screen(pilot, UnsavedDialog)
        await pilot.press("tab", "enter")
        await until_left(pilot)
