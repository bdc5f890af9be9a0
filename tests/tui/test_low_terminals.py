"""Where the terminal is low, what is typed into is in sight."""

from __future__ import annotations

from support.app import Stage, until_open, until_screen

from llmhub_tui.tui.dialogs.connect import ConnectDialog


async def test_the_field_of_a_dialog_that_has_the_keys_is_in_sight() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(40, 12)) as pilot:
        await until_open(pilot)
        stage.app.push_screen(ConnectDialog("https://a.example/v1"))
        await until_screen(pilot, ConnectDialog)
        box = stage.app.screen.query_one(".dialog")
        for key in ("tab", "tab", "tab", "tab"):
            await pilot.pause()
            focused = stage.app.focused
            assert focused is not None
            assert box.scrollable_content_region.contains_region(focused.region), focused.id
            await pilot.press(key)
