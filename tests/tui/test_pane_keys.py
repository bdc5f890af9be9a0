"""What the keys of the conversation pane do with messages: select, copy, open, fold."""

from __future__ import annotations

from support.pane import PaneApp, prompts, reply, visible
from textual import events

from llmhub_tui.tui.widgets.reading import ReadingPane

TWO_BLOCKS = "First\n\n```\na = 1\n```\n\nthen\n\n```py\nb = 2\n```\n"


async def test_messages_are_selected_by_key_and_copied_as_markdown() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.show([*prompts(2), reply("r", "**Reply**")])
        app.pane.focus()
        await pilot.press("alt+up", "shift+up")
        await pilot.pause()
        marked = [line for line in visible(app.pane) if line.startswith("┃")]
        assert any("prompt 1" in line for line in marked)
        assert any("Reply" in line for line in marked)
        assert not any("prompt 0" in line for line in marked)
        await pilot.press("y", "shift+up", "y", "shift+down", "shift+down", "y")
        await pilot.pause()
    assert app.copied == [
        "**You**\n\nprompt 1\n\n**Assistant**\n\n**Reply**",
        "**You**\n\nprompt 0\n\n**You**\n\nprompt 1\n\n**Assistant**\n\n**Reply**",
        "**Reply**",
    ]


async def test_code_blocks_are_copied_one_after_the_other() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.show([reply("r", TWO_BLOCKS)])
        app.pane.focus()
        await pilot.press("c", "c", "c")
        await pilot.pause()
    assert app.copied == ["a = 1", "b = 2", "a = 1"]
    assert vars(app.wanted[0])["what"] == "code block 1 of 2"


async def test_the_code_block_that_was_clicked_is_copied() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.show([reply("r", TWO_BLOCKS)])
        app.pane.focus()
        await pilot.pause()
        row = next(at for at, line in enumerate(visible(app.pane)) if "b = 2" in line)
        await pilot.click("Transcript", offset=(6, row))
        await pilot.press("c")
        await pilot.pause()
    assert app.copied == ["b = 2"]


async def test_the_code_in_sight_is_copied_and_else_the_last() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.pane.show([reply("r", "```\nold\n```"), *prompts(20), reply("s", "```\nnew\n```"), *prompts(9)])
        app.pane.focus()
        await pilot.press("c", "home", "c")
        await pilot.pause()
    assert app.copied == ["new", "old"]


async def test_one_of_several_links_can_be_chosen() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.show([reply("r", "[a](https://a.example) https://b.example [c](https://a.example)")])
        app.pane.focus()
        await pilot.press("o")
        await pilot.pause()
    [event] = app.wanted
    assert isinstance(event, ReadingPane.LinkWanted)
    assert event.urls == ["https://a.example", "https://b.example"]


async def test_the_flag_that_says_more_is_below_leads_there() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.pane.show(prompts(30))
        app.pane.focus()
        await pilot.press("pageup")
        await pilot.pause()
        assert visible(app.pane)[-1].endswith("more below")
        await pilot.click("Transcript", offset=(55, 7))
        await pilot.pause()
        assert "prompt 29" in visible(app.pane)[-1]


async def test_home_end_and_pages_go_where_they_say() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.pane.show(prompts(30))
        app.pane.focus()
        await pilot.press("home")
        await pilot.pause()
        assert "prompt 0" in "\n".join(visible(app.pane))
        top = app.pane.scroll_offset.y
        await pilot.press("pagedown")
        await pilot.pause()
        assert app.pane.scroll_offset.y == top + app.pane.size.height - 2
        await pilot.press("pageup", "down", "down", "up")
        await pilot.pause()
        assert app.pane.scroll_offset.y == top + 1
        await pilot.press("end")
        await pilot.pause()
        assert "prompt 29" in visible(app.pane)[-1]


async def test_the_wheel_scrolls_and_lets_go_of_the_end() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.pane.show(prompts(30))
        await pilot.pause()
        wheel = (app.pane, 5, 5, 0, -1, 0, False, False, False, 5, 5)
        app.pane.post_message(events.MouseScrollUp(*wheel))
        await pilot.pause()
        assert not app.pane.following
        assert visible(app.pane)[-1].endswith("more below")
        for _ in range(3):
            app.pane.post_message(events.MouseScrollDown(*wheel))
            await pilot.pause()
        assert app.pane.following
