"""What a user does in the chat, and sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.app import Stage, ask_and_read, saved_in, shown, until_idle, until_open, until_screen
from support.scripted import HANG, Step, cut, saying
from textual.widgets import Label

from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, ReasoningChunk, TextChunk, ToolCallChunk
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
from llmhub_tui.tui.dialogs.save import SaveDialog
from llmhub_tui.tui.widgets.banner import Banner
from llmhub_tui.tui.widgets.find import FindBar
from llmhub_tui.tui.widgets.welcome import Welcome

LIVE: list[Step] = [OpenedChunk(), TextChunk("The first words "), HANG]


async def test_a_prompt_is_sent_and_its_reply_is_shown() -> None:
    stage = Stage([saying("A **fine** ", "reply.")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"hi", "enter")
        await until_idle(pilot)
        text = shown(stage.app)
        assert "You · 14:13\nhi" in text
        assert "Assistant · demo-model · 14:13\nA fine reply." in text
        assert stage.app.chat.composer.text == ""
        assert stage.app.chat.status.state.startswith("done")
    assert stage.client.requests[0].messages[0].text == "hi"


@pytest.mark.parametrize("key", ["shift+enter", "alt+enter", "ctrl+j"])
async def test_a_new_line_is_not_a_send(key: str) -> None:
    stage = Stage([saying("ok")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("a", key, "b", "enter")
        await until_idle(pilot)
    assert stage.client.requests[0].messages[0].text == "a\nb"


async def test_an_empty_prompt_is_not_sent() -> None:
    stage = Stage([saying("ok")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("space", "enter")
        await pilot.pause()
        assert not stage.app.chat.running
    assert stage.client.requests == []


async def test_escape_stops_and_keeps_what_had_arrived() -> None:
    stage = Stage([LIVE])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        while "The first" not in shown(stage.app):
            await pilot.pause(0.01)
        await pilot.press("escape")
        await until_idle(pilot)
        assert "The first words\n■ stopped · Ctrl+G continues · Ctrl+R retries" in shown(stage.app)
        assert stage.app.chat.status.state.startswith("stopped")
    assert stage.client.closed == 1
    assert stage.library.finished[0].ending is Ending.STOPPED


async def test_a_prompt_typed_while_a_reply_runs_stays_in_the_composer() -> None:
    stage = Stage([LIVE])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await pilot.press("y", "enter")
        await pilot.pause()
        assert stage.app.chat.composer.text == "y"
        assert len(stage.client.requests) == 1
        await pilot.press("escape")
        await until_idle(pilot)


async def test_a_retry_stands_beside_the_old_reply_and_both_can_be_seen() -> None:
    stage = Stage([saying("one"), saying("two")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        await pilot.press("ctrl+r")
        await until_idle(pilot)
        assert "\u20392/2\u203a\ntwo" in shown(stage.app)
        stage.app.chat.transcript.focus()
        await pilot.press("left")
        await pilot.pause()
        assert "\u20391/2\u203a\none" in shown(stage.app)
        await pilot.press("right")
        await pilot.pause()
        assert "two" in shown(stage.app)
    assert stage.library.chosen[-1] == "m3"


async def test_a_cut_reply_is_continued() -> None:
    stage = Stage([saying("The quick ", reason="length"), saying("brown fox.")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        assert "… cut by length · Ctrl+G raises the limit and continues" in shown(stage.app)
        await pilot.press("ctrl+g")
        await until_idle(pilot)
        assert "The quick brown fox." in shown(stage.app)
        assert "┊ joined at 1 place" in shown(stage.app)


async def test_a_failure_says_what_happened_and_what_to_do() -> None:
    stage = Stage([[ChatError(ErrorKind.AUTH, "bad [/] key \x1b[31m")]])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        text = shown(stage.app)
    assert "bad [/] key ␛[31m" in text
    assert "Check the API key" in text
    assert "✗ failed · Ctrl+R retries" in text


async def test_a_countdown_is_shown_and_can_be_skipped() -> None:
    busy = ChatError(ErrorKind.RATE_LIMIT, "slow down", retry_after_s=30)
    stage = Stage([[busy], saying("there")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        while "next try in 30 s (r: now, Esc: end): slow down" not in shown(stage.app):
            await pilot.pause(0.01)
        await pilot.press("ctrl+r")
        await until_idle(pilot)
        assert "there" in shown(stage.app)


async def test_waiting_is_shown_until_the_first_word() -> None:
    stage = Stage([[OpenedChunk(), HANG]])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        while "Generating…" not in shown(stage.app):
            await pilot.pause(0.01)
        await pilot.press("escape")
        await until_idle(pilot)
        assert "Generating…" not in shown(stage.app)


async def test_reasoning_is_folded_and_tool_calls_are_shown() -> None:
    script: list[Step] = [
        OpenedChunk(),
        ReasoningChunk("let me think"),
        TextChunk("Answer."),
        ToolCallChunk(0, "c", "now", '{"zone": "UTC"}'),
        FinishChunk("tool_calls"),
    ]
    stage = Stage([script])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        assert "▸ Reasoning, 3 words\nAnswer.\n▸ ⚙ now · not run\n│ zone: UTC" in shown(stage.app)
        stage.app.chat.transcript.focus()
        await pilot.press("space")
        assert "▾ Reasoning, 3 words\n│ let me think\nAnswer." in shown(stage.app)


async def test_the_transcript_is_saved_and_nothing_is_overwritten_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stage = Stage([saying("reply")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"title", "enter")
        await until_idle(pilot)
        await pilot.press("ctrl+s")
        await pilot.pause()
        await until_screen(pilot, SaveDialog)
        await pilot.press("enter")
        while not (tmp_path / "title.md").exists():
            await pilot.pause(0.01)
        (tmp_path / "title.md").write_text("mine")
        await pilot.press("ctrl+s")
        await until_screen(pilot, SaveDialog)
        await pilot.press("enter")
        await until_screen(pilot, ConfirmDialog)
        await pilot.press("enter")
        await until_screen(pilot, SaveDialog)
        await pilot.press("escape")
        await pilot.pause()
    assert (tmp_path / "title.md").read_text() == "mine"
    assert saved_in(tmp_path) == ["title.md"]


async def test_a_new_chat_is_empty_and_the_old_one_is_kept() -> None:
    stage = Stage([saying("reply")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert shown(stage.app) == ""
    assert len(stage.conversation) == 2


async def test_a_full_disk_is_said_and_the_chat_goes_on() -> None:
    stage = Stage([saying("reply")], full=True)
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        assert "reply" in shown(stage.app)
        banner = stage.app.screen.query_one(Banner)
        assert banner.display
        assert "Not saved: the disk is full" in str(banner.visual)


async def test_a_conversation_is_shown_when_it_is_opened() -> None:
    talk = Conversation(
        "c",
        messages=[
            Message("a", None, Role.USER, "question"),
            Message("b", "a", Role.ASSISTANT, "half an ans", ending=Ending.INCOMPLETE),
        ],
    )
    stage = Stage([cut("x")], conversation=talk)
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.pause()
        assert "half an ans\n⚠ incomplete · Ctrl+G continues" in shown(stage.app)


async def test_every_command_is_in_the_palette() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        titles = {command.title for command in stage.app.get_system_commands(stage.app.screen)}
    assert {"Stop", "Retry", "Continue", "Save the transcript", "New chat", "Find", "Help", "Quit"} <= titles


async def test_find_counts_moves_and_closes() -> None:
    stage = Stage([saying("A needle in a haystack, and another needle.")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        await pilot.press("ctrl+f", *"needle", "enter")
        await pilot.pause()
        bar = stage.app.screen.query_one(FindBar)
        assert str(bar.query_one("#hits", Label).visual) == "2/2"
        await pilot.press("enter")
        await pilot.pause()
        assert str(bar.query_one("#hits", Label).visual) == "1/2"
        await pilot.press("escape")
        await pilot.pause()
        assert not bar.has_class("-open")
        assert stage.app.focused is stage.app.chat.composer


async def test_a_link_is_shown_before_it_is_opened() -> None:
    stage = Stage([saying("[here](https://real.example/x)")])
    async with stage.app.run_test() as pilot:
        await ask_and_read(pilot)
        await pilot.press("o")
        await until_screen(pilot, ConfirmDialog)
        assert "https://real.example/x" in str(stage.app.screen.query_one(Label).visual)
        await pilot.press("escape")


async def test_an_empty_chat_says_how_to_begin_and_makes_room_for_the_first_prompt() -> None:
    stage = Stage([saying("Hello.")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        welcome = stage.app.screen.query_one(Welcome)
        assert (welcome.display, stage.app.chat.transcript.display) == (True, False)
        await pilot.press(*"hi", "enter")
        await until_idle(pilot)
        assert (welcome.display, stage.app.chat.transcript.display) == (False, True)
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert welcome.display
