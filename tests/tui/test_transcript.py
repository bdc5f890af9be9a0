"""The conversation pane: following, reading, selecting, finding, copying."""

from __future__ import annotations

import pytest
from support.corpus import HOSTILE
from support.pane import PaneApp, prompts, reply, visible, whole
from textual.geometry import Offset
from textual.selection import Selection

from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.pane.pacer import FRAME_S
from llmhub_tui.tui.widgets.transcript import Transcript


async def test_it_opens_at_the_end_and_makes_only_what_can_be_seen() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.show(prompts(5000))
        await pilot.pause()
        assert "prompt 4999" in visible(app.pane)[-1]
        assert app.pane.messages is not None
        assert sum(view.made for view in app.pane.messages.views) < 20
        app.pane.focus()
        await pilot.press("home")
        await pilot.pause()
        assert "prompt 0" in "\n".join(visible(app.pane))
        assert sum(view.made for view in app.pane.messages.views) < 40


async def test_the_end_is_followed_until_the_reader_scrolls_up() -> None:
    app = PaneApp()
    async with app.run_test(size=(40, 10)) as pilot:
        pane = app.pane
        pane.show(prompts(10))
        pane.add(reply("r", "", live=True))
        for at in range(30):
            pane.write("r", f"line {at}\n\n")
            await pilot.pause(FRAME_S)
        assert "line 29" in "\n".join(visible(pane))
        pane.focus()
        await pilot.press("pageup")
        await pilot.pause()
        before = visible(pane)
        for at in range(30, 60):
            pane.write("r", f"line {at}\n\n")
            await pilot.pause(0.01)
        await pilot.pause(0.3)
        after = visible(pane)
        assert after[:-1] == before[:-1]
        assert after[-1].endswith("↓ more below")
        await pilot.press("end")
        await pilot.pause()
        assert "line 59" in "\n".join(visible(pane))
        assert not visible(pane)[-1].endswith("↓ more below")


async def test_a_live_reply_ends_as_the_message_says() -> None:
    app = PaneApp()
    text = "# Title\n\nSome **text** and `code`.\n\n- a\n- b\n"
    async with app.run_test() as pilot:
        app.pane.show([reply("r", "", live=True)])
        for char in text:
            app.pane.write("r", char)
        app.pane.update(reply("r", text))
        await pilot.pause()
        streamed = whole(app.pane)
        app.pane.show([reply("r", text)])
        await pilot.pause()
        assert whole(app.pane) == streamed


async def test_the_typing_cursor_is_seen_and_never_copied() -> None:
    app = PaneApp()
    async with app.run_test() as pilot:
        app.pane.show([reply("r", "Some words", live=True)])
        await pilot.pause()
        assert any("Some words▌" in line for line in visible(app.pane))
        copied = app.pane.get_selection(Selection(None, None))
        assert copied is not None
        assert "Some words" in copied[0]
        assert "▌" not in copied[0]
        app.pane.update(reply("r", "Some words"))
        await pilot.pause()
        assert not any("▌" in line for line in visible(app.pane))


async def test_a_selection_is_copied_without_margins_and_wrapped_line_ends() -> None:
    app = PaneApp()
    async with app.run_test(size=(30, 20)) as pilot:
        app.pane.show([reply("r", "> one two three four five six seven\n\n```py\nx = 1\ny = 2\n```")])
        await pilot.pause()
        copied = app.pane.get_selection(Selection(Offset(0, 2), Offset(40, 8)))
        assert copied is not None
        assert copied[0] == "one two three four five six seven\n\nx = 1\ny = 2"


async def test_a_mouse_that_is_drawn_over_text_selects_what_it_passes() -> None:
    app = PaneApp()
    async with app.run_test(size=(30, 20)) as pilot:
        app.pane.show(
            [*prompts(9), reply("r", "- some words that are wrapped here, and on, and *on*\n\nend")]
        )
        await pilot.pause()
        assert app.pane.scroll_offset.y > 0
        row = next(at for at, line in enumerate(visible(app.pane)) if "some words" in line)
        await pilot.mouse_down("Transcript", offset=(9, row))
        await pilot.hover("Transcript", offset=(12, row))
        await pilot.hover("Transcript", offset=(10, row + 1))
        await pilot.mouse_up("Transcript", offset=(10, row + 1))
        assert app.screen.get_selected_text() == "words that are wrapped"
        await pilot.mouse_down("Transcript", offset=(4, row + 2))
        await pilot.hover("Transcript", offset=(20, row + 4))
        assert app.screen.get_selected_text() == "and on\n\nend"


async def test_what_is_selected_stays_where_it_is_while_a_reply_grows() -> None:
    app = PaneApp()
    async with app.run_test(size=(30, 12)) as pilot:
        app.pane.show([*prompts(9), reply("r", "words to select\n\n", live=True)])
        await pilot.pause()
        row = next(at for at, line in enumerate(visible(app.pane)) if "words to" in line)
        await pilot.mouse_down("Transcript", offset=(2, row))
        for at in range(20):
            app.pane.write("r", f"- item {at}\n")
            await pilot.pause(0.05)
        await pilot.hover("Transcript", offset=(6, row))
        await pilot.mouse_up("Transcript", offset=(6, row))
        assert app.screen.get_selected_text() == "words"
        assert "words to" in visible(app.pane)[row]
        await pilot.mouse_down("Transcript", offset=(2, row))
        await pilot.mouse_up("Transcript", offset=(2, row))
        app.pane.action_bottom()
        await pilot.mouse_down("Transcript", offset=(2, row))
        await pilot.mouse_up("Transcript", offset=(2, row))
        app.pane.write("r", "- the last\n")
        await pilot.pause(0.1)
        assert any("the last" in line for line in visible(app.pane))


async def test_a_double_click_selects_a_word() -> None:
    app = PaneApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.pane.show([reply("r", "first second third")])
        await pilot.pause()
        await pilot.click(Transcript, offset=Offset(10, 2), times=2)
        await pilot.pause()
        selection = app.pane.text_selection
        assert selection is not None
        assert app.pane.get_selection(selection) == ("second", "\n")


async def test_a_triple_click_selects_a_paragraph() -> None:
    app = PaneApp()
    async with app.run_test(size=(30, 12)) as pilot:
        app.pane.show([reply("r", "one two three four five six seven eight\n\nother")])
        await pilot.pause()
        await pilot.click(Transcript, offset=Offset(5, 3), times=3)
        await pilot.pause()
        selection = app.pane.text_selection
        assert selection is not None
        assert app.pane.get_selection(selection) == ("one two three four five six seven eight", "\n")


async def test_messages_are_walked_and_copied_with_the_keyboard() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.show(
            [*prompts(2), reply("r", "**Reply**\n\n```\na = 1\n```\n[x](https://x.example)", attempts=2)]
        )
        app.pane.focus()
        await pilot.press("y", "c", "o", "left", "alt+up", "alt+up", "y")
        await pilot.pause()
        assert any(line.startswith("┃ prompt 1") for line in visible(app.pane))
    assert [
        str(vars(event).get("text") or vars(event).get("urls") or vars(event).get("step"))
        for event in app.wanted
    ] == [
        "**Reply**\n\n```\na = 1\n```\n[x](https://x.example)",
        "a = 1",
        "['https://x.example']",
        "-1",
        "prompt 1",
    ]


async def test_a_click_on_a_link_asks_to_open_it() -> None:
    app = PaneApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.pane.show([reply("r", "go to [there](https://there.example) now")])
        await pilot.pause()
        await pilot.click(Transcript, offset=Offset(10, 2))
        await pilot.pause()
    assert [vars(event).get("urls") for event in app.wanted] == [["https://there.example"]]


async def test_a_resize_keeps_what_is_being_read_in_sight() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.pane.show([reply(f"m{at}", f"Reply number {at}. " + "words " * 60) for at in range(40)])
        app.pane.focus()
        await pilot.press("home", *["pagedown"] * 8)
        await pilot.pause()
        top = app.pane.messages.at(app.pane.scroll_offset.y) if app.pane.messages else -1
        await pilot.resize_terminal(44, 12)
        await pilot.pause()
        await pilot.pause()
        assert app.pane.messages is not None
        assert app.pane.messages.at(app.pane.scroll_offset.y) == top


@pytest.mark.parametrize("theme", ["textual-light", "nord"])
async def test_a_theme_changes_the_colors_and_nothing_else(theme: str) -> None:
    app = PaneApp()
    async with app.run_test() as pilot:
        app.pane.show([reply("r", "Some `code` here")])
        await pilot.pause()
        before = visible(app.pane)
        colors = {str(part.style) for strip in app.pane.render_lines(app.pane.size.region) for part in strip}
        app.theme = theme
        await pilot.pause()
        await pilot.pause()
        after = {str(part.style) for strip in app.pane.render_lines(app.pane.size.region) for part in strip}
        assert visible(app.pane) == before
        assert after != colors


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (200, 60)])
async def test_hostile_text_is_shown_as_text_at_any_size(size: tuple[int, int]) -> None:
    app = PaneApp()
    async with app.run_test(size=size) as pilot:
        for text in HOSTILE:
            app.pane.show([Entry(Message("p", None, Role.USER, text)), reply("r", text)])
            await pilot.pause()
            painted = "".join(visible(app.pane))
            assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in painted)
