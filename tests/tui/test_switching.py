"""What happens to a reply, and to what is typed, when another conversation is opened."""

from __future__ import annotations

from support.app import Stage, shown, until_open, until_screen
from support.scripted import HANG, Step
from textual.widgets import Label

from llmhub_tui.domain.chunks import OpenedChunk, TextChunk
from llmhub_tui.domain.endings import Ending
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog

LIVE: list[Step] = [OpenedChunk(), TextChunk("The first words "), HANG]


async def test_a_reply_goes_on_when_another_chat_is_begun_and_quitting_asks_for_it() -> None:
    stage = Stage([LIVE])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        first = stage.app.chat.session
        await pilot.press("x", "enter")
        while "The first" not in shown(stage.app):
            await pilot.pause(0.01)
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert shown(stage.app) == ""
        assert stage.client.closed == 0
        assert first is not None
        player = stage.app.chat.players.find("c")
        assert player is not None
        assert player.session is first
        stage.app.chat.open(first)
        await pilot.pause()
        assert "x\n\nAssistant · demo-model · 14:13\nThe first words" in shown(stage.app)
        assert stage.app.chat.running
        await pilot.press("ctrl+n", "ctrl+q")
        await until_screen(pilot, ConfirmDialog)
        assert "A reply is running" in str(stage.app.screen.query_one(Label).visual)
        await pilot.press("tab", "enter")
        while not stage.library.finished:
            await pilot.pause(0.01)
    assert stage.library.finished[0].ending is Ending.STOPPED
    assert stage.client.closed == 1
