"""Calls, consent, results, next request, until the model stops."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from support.scripted import HANG, Step, saying
from support.sessions import Rig, ended, play
from support.toolbox import TOOLS, FakeGate, FakeToolbox
from support.virtual_time import run

from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, TextChunk, ToolCallChunk
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import (
    Event,
    RoundStarted,
    ToolFinished,
    ToolRequested,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    TurnStopped,
)
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.domain.requests import Parameters
from llmhub_tui.domain.tools import Problem, problem_of
from llmhub_tui.session.history import sendable
from llmhub_tui.session.options import TurnOptions

OPTIONS = TurnOptions(model="m", tools=TOOLS)


def calling(*calls: tuple[str, str], reason: str = "tool_calls", arguments: str = "{}") -> list[Step]:
    """A script of a reply that asks for tools, each given by its id and its name."""
    chunks = [ToolCallChunk(at, id, name, arguments) for at, (id, name) in enumerate(calls)]
    return [OpenedChunk(), TextChunk("Let me look."), *chunks, FinishChunk(reason)]


def rig_of(*scripts: Sequence[Step], answers: Sequence[Answer] = (Answer.ONCE,), rounds: int = 20) -> Rig:
    """A session with tools, and with a user who answers."""
    options = replace(OPTIONS, rounds=rounds)
    return Rig(*scripts, options=options, toolbox=FakeToolbox(), gate=FakeGate(answers))


def sent(rig: Rig) -> list[Event]:
    """One prompt, played to its end in virtual time."""

    async def main() -> list[Event]:
        return await play(await rig.session.send("hi"))

    return run(main)


def results(rig: Rig) -> list[Message]:
    """The tool messages of the path."""
    return [message for message in rig.conversation.path() if message.role is Role.TOOL]


def test_a_whole_round_runs_and_every_step_of_it_is_saved() -> None:
    rig = rig_of(calling(("a", "echo"), ("b", "echo")), saying("Done."))
    events = sent(rig)
    roles = [message.role for message in rig.conversation.path()]
    assert roles == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL, Role.ASSISTANT]
    assert [message.text for message in rig.conversation.path()] == [
        "hi",
        "Let me look.",
        "result of a",
        "result of b",
        "Done.",
    ]
    assert isinstance(events[-1], TurnFinished)
    assert ended(events).text == "Done."
    saved = {message.id: message for message in rig.recorder.finished}
    assert [saved.get(message.id) for message in rig.conversation.path()[1:]] == rig.conversation.path()[1:]
    assert {message.id for message in rig.recorder.begun} == {m.id for m in rig.conversation.messages}


def test_the_model_is_sent_its_calls_and_their_results() -> None:
    rig = rig_of(calling(("a", "echo"), ("b", "echo")), saying("Done."))
    sent(rig)
    first, second = rig.client.requests
    assert [tool.name for tool in first.tools] == [tool.name for tool in second.tools] == list(TOOLS)
    assert [message.role for message in second.messages] == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL]
    assert [call.id for call in second.messages[1].tool_calls] == ["a", "b"]
    assert [message.tool_call_id for message in second.messages[2:]] == ["a", "b"]


def test_the_round_is_told_and_the_last_one_allowed_is_the_last() -> None:
    rig = rig_of(calling(("a", "echo")), rounds=3)
    events = sent(rig)
    rounds = [(event.number, event.limit) for event in events if isinstance(event, RoundStarted)]
    assert rounds == [(2, 3), (3, 3)]
    assert len(rig.client.requests) == 3
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].error.kind is ErrorKind.ROUNDS
    assert ended(events).ending is Ending.TOOL_CALLS


def test_parallel_calls_run_side_by_side_and_keep_their_order() -> None:
    rig = rig_of(calling(("a", "slow"), ("b", "echo")), saying("Done."))
    events = sent(rig)
    finished = [event.call.id for event in events if isinstance(event, ToolFinished)]
    assert finished == ["b", "a"]
    assert [message.tool_call_id for message in results(rig)] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "arguments", "answer", "problem"),
    [
        ("echo", '{"a": 1', Answer.ONCE, Problem.INVALID),
        ("other", "{}", Answer.ONCE, Problem.UNKNOWN),
        ("echo", "{}", Answer.NO, Problem.DENIED),
        ("echo", "{}", Answer.NEVER, Problem.DENIED),
        ("crash", "{}", Answer.ONCE, Problem.FAILED),
    ],
)
def test_whatever_a_call_lacks_goes_back_to_the_model_as_a_value(
    name: str, arguments: str, answer: Answer, problem: Problem
) -> None:
    rig = rig_of(calling(("a", name), arguments=arguments), saying("Without it, then."), answers=[answer])
    events = sent(rig)
    [result] = results(rig)
    assert problem_of(result) is problem
    assert result.text
    assert rig.client.requests[1].messages[-1] == result
    started = any(isinstance(event, ToolStarted) for event in events)
    assert started == (problem is Problem.FAILED)
    assert ended(events).text == "Without it, then."


def test_a_call_that_the_token_limit_has_cut_is_answered_and_never_run() -> None:
    rig = rig_of(calling(("a", "echo"), reason="length", arguments='{"a": "b'), saying("Again, shorter."))
    events = sent(rig)
    assert problem_of(results(rig)[0]) is Problem.INVALID
    assert not any(isinstance(event, ToolStarted) for event in events)
    assert ended(events).text == "Again, shorter."


def test_a_call_in_a_lost_connection_is_asked_for_again() -> None:
    broken: list[Step] = [
        OpenedChunk(),
        ToolCallChunk(0, "a", "echo", '{"a'),
        ChatError(ErrorKind.NETWORK, "reset"),
    ]
    rig = rig_of(broken, calling(("b", "echo")), saying("Done."))
    assert ended(sent(rig)).text == "Done."
    assert [message.tool_call_id for message in results(rig)] == ["b"]


def test_without_tools_switched_on_a_call_is_shown_and_nothing_runs() -> None:
    rig = rig_of(calling(("a", "echo")))
    rig.session.options = TurnOptions(model="m")
    reply = ended(sent(rig))
    assert reply.ending is Ending.TOOL_CALLS
    assert results(rig) == []


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


def test_a_retry_within_the_loop_keeps_the_results() -> None:
    rig = rig_of(calling(("a", "echo")), saying("One."), saying("Two."))

    async def main() -> None:
        first = ended(await play(await rig.session.send("hi")))
        second = ended(await play(await rig.session.retry(first.id)))
        assert (second.text, second.parent) == ("Two.", first.parent)
        assert rig.client.requests[2].messages == rig.client.requests[1].messages

    run(main)


def test_a_demanded_tool_is_demanded_once() -> None:
    rig = rig_of(calling(("a", "echo")), saying("Done."))
    rig.session.options = replace(OPTIONS, parameters=Parameters(tool_choice="required"))
    sent(rig)
    assert [request.parameters.tool_choice for request in rig.client.requests] == ["required", None]


@pytest.mark.parametrize(
    "words",
    [
        "registry.ollama.ai/library/gemma:2b does not support tools",
        '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        "tools param requires --jinja flag",
        "No endpoints found that support tool use. Try disabling get_weather.",
        "`tools` is not supported by this model.",
    ],
)
def test_a_server_that_refuses_tools_is_told_apart(words: str) -> None:
    rig = rig_of([ChatError(ErrorKind.BAD_REQUEST, words, status=400)])
    events = sent(rig)
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].error.kind is ErrorKind.TOOLS
    assert events[-1].error.message == words
    assert len(rig.client.requests) == 1


def test_what_a_crash_left_of_a_call_is_said_to_the_model() -> None:
    call = ToolCall("x", "f", "{}")
    path = [
        Message("1", None, Role.USER, "a"),
        Message("2", "1", Role.ASSISTANT, tool_calls=(call,), ending=Ending.TOOL_CALLS),
        Message("3", "2", Role.TOOL, tool_call_id="x"),
    ]
    assert sendable(path)[-1].text == "No result: the program ended before this call did."
