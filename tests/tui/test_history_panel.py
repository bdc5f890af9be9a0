"""The side panel is beside the chat, or has the keys."""

from __future__ import annotations

from support.app import Stage, until_open
from textual.pilot import Pilot

from llmhub_tui.tui.history.panel import HistoryPanel


async def has_panel(pilot: Pilot[int]) -> bool:
    """Whether the panel is there once everything has settled."""
    await pilot.pause()
    await pilot.pause()
    return bool(pilot.app.screen.query(HistoryPanel))


async def test_escape_hides_a_panel_that_lies_over_a_composer_with_the_keys() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(60, 20)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+b")
        assert await has_panel(pilot)
        stage.app.chat.composer.focus()
        await pilot.press("escape")
        assert not await has_panel(pilot)


async def test_where_the_terminal_becomes_narrow_only_a_panel_with_the_keys_stays() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 20)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+b")
        await pilot.resize_terminal(60, 20)
        assert await has_panel(pilot)
        await pilot.resize_terminal(120, 20)
        stage.app.chat.composer.focus()
        assert await has_panel(pilot)
        await pilot.resize_terminal(60, 20)
        assert not await has_panel(pilot)
