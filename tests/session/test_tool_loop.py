"""Calls, consent, results, next request, until the model stops."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.looping import OPTIONS, calling, results, rig_of, sent
from support.scripted import Step, saying
from support.sessions import ended, play
from support.toolbox import TOOLS
from support.virtual_time import run

from llmhub_tui.domain.chunks import OpenedChunk, ToolCallChunk
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import (
    RoundStarted,
    ToolFinished,
    ToolStarted,
    TurnFailed,
    TurnFinished,
)
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.domain.requests import Parameters
from llmhub_tui.domain.tools import Problem, problem_of
from llmhub_tui.session.history import sendable
from llmhub_tui.session.options import TurnOptions


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
