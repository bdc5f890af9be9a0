"""Links are shown as what they are before they are opened, and one of several can be chosen."""

from __future__ import annotations

from support.app import Stage, ask_and_read, until_open, until_screen
from support.scripted import saying
from textual.widgets import Label, OptionList

from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.dialogs.links import LinksDialog


async def test_the_links_of_a_reply_are_listed_by_their_addresses() -> None:
    stage = Stage([saying("[a](https://a.example/1) and [b](https://b.example/2)")])
    async with stage.app.run_test() as pilot:
        await ask_and_read(pilot)
        await pilot.press("o")
        await until_screen(pilot, LinksDialog)
        listed = stage.app.screen.query_one(OptionList).options
        assert [str(option.prompt) for option in listed] == ["https://a.example/1", "https://b.example/2"]
        await pilot.press("escape")
        await pilot.pause()
        assert stage.app.screen is stage.app.chat_screen


async def test_where_the_chosen_link_leads_is_asked_about() -> None:
    stage = Stage([saying("[a](https://a.example/1) and [b](https://b.example/2)")])
    async with stage.app.run_test() as pilot:
        await ask_and_read(pilot)
        await pilot.press("o")
        await until_screen(pilot, LinksDialog)
        await pilot.press("down", "enter")
        await until_screen(pilot, ConfirmDialog)
        question = str(stage.app.screen.query("Label").first(Label).content)
        assert "https://b.example/2" in question


async def test_where_there_is_no_link_and_no_code_the_keys_say_so() -> None:
    stage = Stage([saying("Plain words.")])
    async with stage.app.run_test() as pilot:
        await ask_and_read(pilot)
        await pilot.press("o", "c")
        await pilot.pause()
        said = [toast.message for toast in stage.app._notifications]
        assert said == ["There is no link here", "There is no code block here"]


async def test_the_one_that_is_chosen_is_the_answer_and_markup_in_it_is_text() -> None:
    stage = Stage()
    answers: list[str | None] = []
    urls = ["https://a.example/[bold]", "https://b.example/2"]
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        for keys in (["down", "enter"], ["enter"], ["escape"]):
            stage.app.push_screen(LinksDialog(urls), answers.append)
            await until_screen(pilot, LinksDialog)
            assert str(stage.app.screen.query_one(OptionList).options[0].prompt) == urls[0]
            await pilot.press(*keys)
            await pilot.pause()
    assert answers == [urls[1], urls[0], None]
