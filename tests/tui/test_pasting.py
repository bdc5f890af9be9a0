"""A paste of any length is quick, is kept, and is sent whole."""

from __future__ import annotations

from support.app import Stage, until_idle, until_open
from support.scripted import saying

from llmhub_tui.tui.desk import Unsent
from llmhub_tui.tui.pastes import Pastes
from llmhub_tui.tui.terminal.keyboard import LargePaste

LONG = "a long line of text\n" * 60_000


async def test_a_long_paste_stands_as_a_mark_and_is_kept_and_sent_whole() -> None:
    stage = Stage([saying("ok")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"see ")
        stage.app.post_message(LargePaste(LONG.encode(), False))
        composer = stage.app.chat.composer
        while "pasted" not in composer.text:
            await pilot.pause(0.01)
        assert composer.text == "see [pasted text 1: 1,200,000 characters]"
        while stage.library.drafts.texts != {"c": f"see {LONG}"}:
            await pilot.pause(0.01)
        await pilot.press("enter")
        await until_idle(pilot)
        await pilot.press("up")
        await pilot.pause()
        assert "[pasted text" in composer.text
    assert stage.client.requests[0].messages[0].text == f"see {LONG}".strip("\n")


async def test_a_long_draft_comes_back_as_a_mark_and_is_still_whole() -> None:
    stage = Stage([saying("ok")], unsent=Unsent(LONG))
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.pause()
        assert stage.app.chat.composer.text == "[pasted text 1: 1,200,000 characters]"
        await pilot.press("enter")
        await until_idle(pilot)
    assert stage.client.requests[0].messages[0].text == LONG.strip("\n")


def test_a_mark_that_was_changed_or_typed_by_hand_is_a_text_like_any_other() -> None:
    pastes = Pastes()
    mark = pastes.fold(LONG)
    assert pastes.unfold(f"a {mark} b {mark}") == f"a {LONG} b {LONG}"
    assert pastes.unfold(mark[:-1]) == mark[:-1]
    assert pastes.unfold("[pasted text 9: 5 characters]") == "[pasted text 9: 5 characters]"
    assert pastes.fold("short") == "short"
