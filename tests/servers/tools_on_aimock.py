"""Whole rounds of tools against aimock. It needs node and npm, and so runs only when it is asked to.

pytest -n 0 tests/servers/tools_on_aimock.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from servers.strangers import KEY, MissingError, running
from support.rounds import Round

from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.events import (
    ReplyFinished,
    RoundStarted,
    ToolCallArrived,
    ToolRequested,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    TurnStopped,
)
from llmhub_tui.domain.retry import RetryPolicy
from llmhub_tui.domain.secret import Secret
from llmhub_tui.domain.tools import Problem, problem_of
from llmhub_tui.session.options import TurnOptions


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The running server."""
    kept = Path(__file__).parent.parent.parent / ".servers"
    try:
        with running("aimock", kept) as url:
            yield url
    except MissingError as missing:
        pytest.skip(f"left out: {missing}")


def on(url: str, *answers: Answer) -> Round:
    """A round against the server, with its model."""
    played = Round(Endpoint(url, Secret(KEY)), answers=answers or (Answer.ONCE,))
    played.options = TurnOptions(model="gpt-4o", tools=("*",))
    return played


async def test_one_call_is_streamed_asked_run_and_answered(url: str) -> None:
    played = on(url)
    events = await played.play("one tool")
    assert sum(isinstance(event, ToolCallArrived) for event in events) > 2
    assert [result.text for result in played.results] == ["42"]
    assert isinstance(events[-1], TurnFinished)
    assert [message.text for message in played.conversation.path()] == [
        "one tool",
        "Let me see.",
        "42",
        "It is forty-two.",
    ]


async def test_two_parallel_calls(url: str) -> None:
    played = on(url)
    await played.play("two tools")
    assert [result.text for result in played.results] == ["42", "Sunday 2026-03-01T18:00:00+01:00 (CET)"]
    assert played.conversation.path()[-1].text == "Both have answered."


async def test_a_refused_call(url: str) -> None:
    played = on(url, Answer.NO)
    await played.play("one tool")
    assert problem_of(played.results[0]) is Problem.DENIED
    assert played.conversation.path()[-1].text == "It is forty-two."


async def test_a_call_cut_by_the_token_limit(url: str) -> None:
    played = on(url)
    events = await played.play("cut tool")
    assert [problem_of(result) for result in played.results] == [Problem.CUT]
    assert not any(isinstance(event, ToolStarted) for event in events)
    assert played.conversation.path()[-1].text == "Cut, and mended."


async def test_a_call_lost_with_its_connection_is_asked_for_again_and_never_run(url: str) -> None:
    played = on(url)
    played.options = replace(played.options, retry=RetryPolicy(1, 0.01))
    events = await played.play("lost tool")
    assert isinstance(events[-1], TurnFailed)
    assert not any(isinstance(event, ToolStarted) for event in events)


@pytest.mark.parametrize("stage", [ToolCallArrived, ReplyFinished, ToolRequested, ToolStarted, RoundStarted])
async def test_escape_at_each_stage(url: str, stage: type) -> None:
    played = on(url)
    prompt = "slow tool" if stage is ToolCallArrived else "two tools"
    events = await played.play(prompt, stop=lambda event: isinstance(event, stage))
    assert isinstance(events[-1], TurnStopped)
    assert all(message.ending is not None for message in played.conversation.path()[1:])
