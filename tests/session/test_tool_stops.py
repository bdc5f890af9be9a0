"""Escape, and going on after it, while a turn runs tools."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from support.looping import OPTIONS, calling, results, rig_of
from support.scripted import HANG, Step, saying
from support.sessions import Rig, ended, play
from support.toolbox import FakeGate, FakeToolbox
from support.virtual_time import run

from llmhub_tui.domain.chunks import OpenedChunk, TextChunk, ToolCallChunk
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.events import (
    ToolRequested,
    TurnStopped,
)
from llmhub_tui.domain.messages import Role
from llmhub_tui.domain.tools import Problem, problem_of
from llmhub_tui.session.history import sendable

STAGES: dict[str, tuple[list[list[Step]], Sequence[Answer]]] = {
    "call arriving": ([[OpenedChunk(), ToolCallChunk(0, "a", "echo", '{"a'), HANG]], [Answer.ONCE]),
    "asking": ([calling(("a", "echo"), ("b", "echo"))], []),
    "running": ([calling(("a", "hang"), ("b", "echo"))], [Answer.ONCE]),
    "next request": ([calling(("a", "echo")), [HANG]], [Answer.ONCE]),
    "next reply": ([calling(("a", "echo")), [OpenedChunk(), TextChunk("It "), HANG]], [Answer.ONCE]),
}


@pytest.mark.parametrize("stage", STAGES)
def test_escape_stops_at_every_stage_and_leaves_a_conversation_that_goes_on(stage: str) -> None:
    scripts, answers = STAGES[stage]
    rig = rig_of(*scripts, answers=answers)

    async def main() -> None:
        turn = await rig.session.send("hi")
        asyncio.get_running_loop().call_later(3, turn.cancel)
        events = await play(turn)
        assert isinstance(events[-1], TurnStopped)
        for message in rig.conversation.path()[1:]:
            assert message.ending is not None
        assert {message.id for message in rig.recorder.finished} == {
            message.id for message in rig.conversation.messages if message.role is not Role.USER
        }
        rig.client.scripts = [saying("And on.")]
        rig.client.requests.clear()
        after = ended(await play(await rig.session.send("go on")))
        assert after.text == "And on."
        request = rig.client.requests[0]
        assert request.messages == sendable(request.messages)

    run(main)


def test_escape_reaches_a_tool_that_runs() -> None:
    toolbox = FakeToolbox()
    rig = Rig(calling(("a", "hang")), options=OPTIONS, toolbox=toolbox, gate=FakeGate())

    async def main() -> None:
        turn = await rig.session.send("hi")
        asyncio.get_running_loop().call_later(3, turn.cancel)
        await play(turn)

    run(main)
    assert toolbox.canceled == ["a"]
    assert problem_of(results(rig)[0]) is Problem.STOPPED


def test_a_result_that_comes_after_escape_changes_nothing_any_more() -> None:
    rig = rig_of(calling(("a", "stubborn")), saying("Done."))

    async def main() -> None:
        turn = await rig.session.send("hi")
        asyncio.get_running_loop().call_later(3, turn.cancel)
        events = await play(turn)
        await asyncio.sleep(10)
        assert isinstance(events[-1], TurnStopped)
        [result] = results(rig)
        assert problem_of(result) is Problem.STOPPED
        assert rig.recorder.finished[-1] == result
        assert len(rig.client.requests) == 1

    run(main)


def test_continue_answers_calls_that_were_never_answered() -> None:
    rig = rig_of(calling(("a", "echo")), rounds=1)

    async def main() -> None:
        cut = ended(await play(await rig.session.send("hi")))
        assert cut.failure is not None
        rig.client.scripts = [saying("Done.")]
        rig.client.requests.clear()
        rig.session.options = replace(rig.session.options, rounds=20)
        events = await play(await rig.session.resume(cut.id))
        assert any(isinstance(event, ToolRequested) for event in events)
        assert ended(events).text == "Done."
        assert [message.text for message in results(rig)] == ["result of a"]
        assert rig.conversation[cut.id].failure is None
        saved = [message for message in rig.recorder.finished if message.id == cut.id]
        assert saved[-1].failure is None

    run(main)


def test_continue_asks_on_where_the_results_are_there_but_no_reply() -> None:
    rig = rig_of(calling(("a", "hang")), saying("Done."))

    async def main() -> None:
        turn = await rig.session.send("hi")
        asyncio.get_running_loop().call_later(3, turn.cancel)
        await play(turn)
        reply = rig.conversation.last(Role.ASSISTANT)
        assert reply is not None
        done = ended(await play(await rig.session.resume(reply.id)))
        assert done.text == "Done."
        assert rig.client.requests[-1].messages[-1].role is Role.TOOL

    run(main)
