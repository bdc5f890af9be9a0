"""What a reader sees of lost connections, countdowns and late thoughts."""

from __future__ import annotations

from collections.abc import Callable

from support.app import Stage, shown, until_idle, until_open
from support.scripted import HANG, Step, saying
from textual.geometry import Region
from textual.pilot import Pilot

from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, RecastChunk, TextChunk
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.tui.app import ChatApp


def screen_lines(app: ChatApp) -> list[str]:
    """The conversation pane as it is painted, margins included."""
    pane = app.chat.transcript
    return [strip.text for strip in pane.render_lines(Region(0, 0, pane.size.width, pane.size.height))]


async def until(pilot: Pilot[int], condition: Callable[[], bool]) -> None:
    """Waits until something holds."""
    for _ in range(500):
        await pilot.pause(0.01)
        if condition():
            return
    raise AssertionError("it never came to that")


async def test_a_resumed_reply_is_marked_in_the_margin_where_it_was_joined() -> None:
    first = "First paragraph.\n\nSecond one, "
    stage = Stage([saying(first, reason="length"), saying("and its end.\n\nThird.")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        await pilot.press("ctrl+g")
        await until_idle(pilot)
        live = screen_lines(stage.app)
        stage.app.chat.transcript.restyle()
        await pilot.pause()
        again = screen_lines(stage.app)
    for lines in (live, again):
        assert [line.strip() for line in lines if line.startswith("┊ ")] == ["┊ Second one, and its end."]


async def test_the_letter_r_skips_a_countdown_and_is_a_letter_otherwise() -> None:
    busy = ChatError(ErrorKind.RATE_LIMIT, "slow down", retry_after_s=30)
    stage = Stage([[busy], saying("here"), saying("again")])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until(pilot, lambda: stage.app.chat.player.counting_down)
        await pilot.press("a", "r")
        assert stage.app.chat.composer.text == "ar"
        await pilot.press("backspace", "backspace")
        await until(pilot, lambda: not stage.app.chat.composer.text)
        await pilot.press("r")
        await until_idle(pilot)
        assert "here" in shown(stage.app)
        await pilot.press("r")
        assert stage.app.chat.composer.text == "r"


async def test_reasoning_that_is_known_too_late_is_taken_out_of_the_reply() -> None:
    thought = "Let me think about it."
    script: list[Step] = [
        OpenedChunk(),
        TextChunk(thought),
        RecastChunk(),
        TextChunk("Hi!"),
        FinishChunk("stop"),
    ]
    stage = Stage([script])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until_idle(pilot)
        text = shown(stage.app)
    assert "▸ Reasoning, 5 words" in text
    assert thought not in text
    assert "Hi!" in text


async def test_a_reply_of_which_nothing_came_is_not_offered_to_be_continued() -> None:
    stage = Stage([[OpenedChunk(), HANG]])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        await until(pilot, lambda: bool(stage.client.requests))
        await pilot.press("escape")
        await until_idle(pilot)
        assert "■ stopped · Ctrl+R retries" in shown(stage.app)
