"""Nothing that is typed is lost: drafts, earlier prompts, editing, clearing, sending."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from support.app import Stage, until_idle, until_open, until_screen
from support.memory import MemoryLibrary
from support.scripted import HANG, Step, saying
from support.talks import talk
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from llmhub_tui.domain.chunks import OpenedChunk, TextChunk
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message
from llmhub_tui.tui.desk import Unsent
from llmhub_tui.tui.history.prompts import PromptSearch
from llmhub_tui.tui.widgets.ladder import Rung

LIVE: list[Step] = [OpenedChunk(), TextChunk("The first words "), HANG]


async def until_saved(pilot: Pilot[int], stage: Stage, texts: dict[str, str]) -> None:
    """Waits until these drafts are kept, and no others."""
    for _ in range(200):
        if stage.library.drafts.texts == texts:
            return
        await pilot.pause(0.01)
    raise AssertionError(f"kept: {stage.library.drafts.texts}")


async def test_a_draft_is_saved_while_it_is_typed_and_forgotten_when_it_is_sent() -> None:
    stage = Stage([saying("ok")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"draft")
        await until_saved(pilot, stage, {"c": "draft"})
        assert stage.library.drafts.saves < 6  # some keys share a save
        await pilot.press("escape")
        assert stage.app.chat.composer.text == "draft"
        await pilot.press("enter")
        await until_idle(pilot)
        await until_saved(pilot, stage, {})
    assert stage.library.prompts.texts == ["draft"]


@dataclass
class WatchfulLibrary(MemoryLibrary):
    """Notes which draft is kept when a prompt has reached the disk."""

    seen: list[str] = field(default_factory=list)

    async def begin(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Looks once the prompt is there."""
        await super().begin(conversation, messages)
        self.seen.append(self.drafts.text(conversation.id))


async def test_a_draft_outlives_its_prompt_until_that_is_on_the_disk() -> None:
    library = WatchfulLibrary()
    stage = Stage([saying("ok")], library=library)
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"draft")
        await until_saved(pilot, stage, {"c": "draft"})
        await pilot.press("enter")
        await until_idle(pilot)
    assert library.seen == ["draft"]
    assert library.drafts.texts == {}


async def test_what_is_typed_is_saved_when_the_program_is_left_at_once() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"x", "ctrl+q")
    assert stage.library.drafts.texts == {"c": "x"}


async def test_a_draft_comes_back_and_so_does_an_edit_over_it() -> None:
    unsent = Unsent("the draft", Rung("second prompt, bett", "d"))
    stage = Stage([saying("ok")], conversation=talk(), unsent=unsent)
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.pause()
        composer = stage.app.chat.composer
        assert composer.text == "second prompt, bett"
        assert "Editing a prompt" in str(composer.border_title)
        await pilot.press("escape")
        assert composer.text == "the draft"
        assert str(composer.border_title) == ""
        await until_saved(pilot, stage, {"c": "the draft"})


async def test_text_typed_before_everything_is_loaded_stays_and_the_saved_draft_is_remembered() -> None:
    held = threading.Event()
    stage = Stage(unsent=Unsent("from the disk"), held=held)
    async with stage.app.run_test() as pilot:
        await pilot.press(*"early")
        held.set()
        await until_open(pilot)
        await pilot.pause()
        assert stage.app.chat.composer.text == "early"
    assert stage.library.prompts.texts == ["from the disk"]
    assert stage.library.drafts.texts == {"c": "early"}


async def test_up_in_an_empty_composer_edits_the_last_prompt_and_goes_on_to_earlier_ones() -> None:
    stage = Stage([saying("ok")], conversation=talk())
    stage.library.prompts.texts = ["second prompt", "first prompt", "of another chat"]
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        composer = stage.app.chat.composer
        await pilot.press("up")
        await pilot.pause()
        assert composer.text == "second prompt"
        assert "Editing a prompt" in str(composer.border_title)
        await pilot.press("up")
        await pilot.pause()
        assert composer.text == "first prompt"
        assert "Earlier prompt 2 of 3" in str(composer.border_title)
        await pilot.press("up", "up")
        await pilot.pause()
        assert composer.text == "of another chat"
        await pilot.press("down", "down", "down")
        await pilot.pause()
        assert composer.text == ""
        assert str(composer.border_title) == ""


async def test_escape_leaves_an_edit_and_what_was_changed_can_be_found_again() -> None:
    stage = Stage([saying("ok")], conversation=talk())
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("up")
        await pilot.pause()
        await pilot.press("!", "escape")
        await pilot.pause()
        assert stage.app.chat.composer.text == ""
    assert stage.library.prompts.texts == ["second prompt!"]


async def test_up_moves_within_a_text_first_and_keeps_what_was_written() -> None:
    stage = Stage([saying("ok")])
    stage.library.prompts.texts = ["older"]
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        composer = stage.app.chat.composer
        await pilot.press("a", "ctrl+j", "b", "up")
        await pilot.pause()
        assert composer.text == "a\nb"
        await pilot.press("up")
        await pilot.pause()
        assert composer.text == "older"
        await pilot.press("down")
        await pilot.pause()
        assert composer.text == "a\nb"


async def test_ctrl_c_clears_into_the_history_and_never_quits() -> None:
    stage = Stage([saying("ok")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        composer = stage.app.chat.composer
        await pilot.press(*"long thought", "ctrl+c")
        assert composer.text == ""
        await pilot.press("ctrl+c", "ctrl+c")
        assert stage.app.is_running
        await pilot.press("up")
        await pilot.pause()
        assert composer.text == "long thought"
    assert stage.library.prompts.texts == ["long thought"]


async def test_ctrl_c_copies_a_selection_and_leaves_the_text() -> None:
    stage = Stage()
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press(*"word", "shift+home", "ctrl+c")
        assert stage.app.chat.composer.text == "word"
        assert stage.app.clipboard == "word"


async def test_ctrl_c_stops_a_reply_before_it_clears_anything() -> None:
    stage = Stage([LIVE])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter", "y", "ctrl+c")
        await until_idle(pilot)
        assert stage.app.chat.composer.text == "y"
    assert stage.library.finished[0].ending is Ending.STOPPED


@pytest.mark.parametrize("with_reply", [True, False])
async def test_ctrl_r_searches_earlier_prompts_when_there_is_text_or_nothing_to_retry(
    with_reply: bool,
) -> None:
    stage = Stage([saying("ok")], conversation=talk() if with_reply else Conversation("c"))
    stage.library.prompts.texts = ["explain [b]monads[/b]", "explain rust", "bake bread"]
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        if with_reply:
            await pilot.press(*"mona")
        await pilot.press("ctrl+r")
        await until_screen(pilot, PromptSearch)
        if not with_reply:
            await pilot.press(*"mona")
        while stage.app.screen.query_one(Input).value != "mona":
            await pilot.pause(0.01)
        await pilot.pause(0.05)
        await pilot.press("enter")
        await pilot.pause()
        assert stage.app.chat.composer.text == "explain [b]monads[/b]"
    assert stage.client.requests == []
    assert ("mona" in stage.library.prompts.texts) is with_reply


async def test_a_prompt_that_was_taken_back_before_it_could_be_sent_is_in_the_composer() -> None:
    held = threading.Event()
    stage = Stage([saying("ok")], held=held)
    async with stage.app.run_test() as pilot:
        await pilot.press(*"early", "enter", "escape")
        await until_idle(pilot)
        assert stage.app.chat.composer.text == "early"
        held.set()
        await until_open(pilot)
        await until_saved(pilot, stage, {"c": "early"})
    assert stage.client.requests == []


async def test_what_is_typed_right_behind_enter_is_the_next_prompt() -> None:
    stage = Stage([saying("ok")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        composer = stage.app.chat.composer
        composer.insert("one")
        for key in ("enter", "t", "w", "o", "ctrl+j", "x"):  # all at once, before anything is handled
            composer.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        await until_idle(pilot)
        assert composer.text == "two\nx"
    assert [request.messages[0].text for request in stage.client.requests] == ["one"]
