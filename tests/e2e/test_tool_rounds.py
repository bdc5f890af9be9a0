"""Whole rounds against the demo server: streamed, asked, run, answered; cut, refused, stopped anywhere."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.boxes import built_ins, offered
from support.demo import DemoServer
from support.rounds import Round, When
from support.terminal import isolated

from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.errors import ErrorKind
from llmhub_tui.domain.events import (
    Event,
    FirstToken,
    ReplyFinished,
    RoundStarted,
    ToolCallArrived,
    ToolFinished,
    ToolRequested,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    TurnStopped,
)
from llmhub_tui.domain.tools import Problem, problem_of
from llmhub_tui.tools.builtin.roots import Roots
from llmhub_tui.tools.builtin.source import BuiltIns
from llmhub_tui.tools.tool import Arguments, Tool
from llmhub_tui.tools.toolbox import Toolbox


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, as a shell starts it."""
    return subprocess.run(
        [sys.executable, "-m", "llmhub_tui", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=isolated(home),
        cwd=home,
        timeout=50,
    )


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A demo server that streams at a pace that can be interrupted."""
    with DemoServer(pace=200) as server:
        yield server


def round_of(server: DemoServer, *answers: Answer, toolbox: Toolbox | None = None) -> Round:
    """A round against the server."""
    return Round(Endpoint(server.url), toolbox or built_ins(), answers or (Answer.ONCE,))


async def test_two_parallel_calls_are_streamed_asked_run_and_answered(server: DemoServer) -> None:
    played = round_of(server)
    events = await played.play("tool")
    arrived = [event.call.arguments for event in events if isinstance(event, ToolCallArrived)]
    assert len(arrived) > 10
    order = [type(event) for event in events]
    for earlier, later in [
        (ToolCallArrived, ReplyFinished),
        (ReplyFinished, ToolRequested),
        (ToolRequested, ToolStarted),
        (ToolStarted, ToolFinished),
        (ToolFinished, RoundStarted),
        (RoundStarted, TurnFinished),
    ]:
        assert order.index(earlier) < order.index(later)
    paris, product = played.results
    assert (product.text, problem_of(paris)) == ("42", None)
    final = played.conversation.path()[-1].text
    assert paris.text in final
    assert "`42`" in final


async def test_one_of_two_calls_may_be_refused(server: DemoServer) -> None:
    played = round_of(server, Answer.NO, Answer.ONCE)
    await played.play("tool")
    assert [problem_of(result) for result in played.results] == [Problem.DENIED, None]
    assert "did not allow" in played.conversation.path()[-1].text


async def test_a_call_that_is_cut_is_answered_and_never_run(server: DemoServer) -> None:
    played = round_of(server)
    events = await played.play("tool cut")
    [result] = played.results
    assert problem_of(result) is Problem.CUT
    assert not any(isinstance(event, ToolStarted) for event in events)
    assert isinstance(events[-1], TurnFinished)


async def test_the_model_may_go_on_for_several_rounds_and_no_further_than_it_may(server: DemoServer) -> None:
    played = round_of(server)
    await played.play("tool rounds")
    assert [result.text for result in played.results] == ["2", "4", "6"]
    limited = round_of(server)
    limited.options = replace(limited.options, rounds=2)
    events = await limited.play("tool rounds")
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].error.kind is ErrorKind.ROUNDS


async def test_a_server_that_refuses_tools_is_told_apart_and_answers_without(server: DemoServer) -> None:
    played = round_of(server)
    events = await played.play("tool refused")
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].error.kind is ErrorKind.TOOLS
    without = round_of(server)
    without.options = replace(without.options, tools=())
    assert isinstance((await without.play("tool refused"))[-1], TurnFinished)


class Slow(BuiltIns):
    """A calculator that never comes to an end."""

    def __init__(self) -> None:
        super().__init__(Roots([]))
        self.running = asyncio.Event()
        self.stopped = False

    async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
        """The slow one."""

        async def run(_: Arguments) -> str:
            self.running.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.stopped = True
            return ""

        return [replace(tool, run=run) for tool in await super().tools(wanted) if tool.name == "calculator"]


def in_next_reply() -> When:
    """The first token of the second reply."""
    began = False

    def stop(event: Event) -> bool:
        nonlocal began
        began = began or isinstance(event, RoundStarted)
        return began and isinstance(event, FirstToken)

    return stop


STAGES: dict[str, tuple[Callable[[], When], bool]] = {
    "the call arrives": (lambda: lambda event: isinstance(event, ToolCallArrived), True),
    "the user is asked": (lambda: lambda event: isinstance(event, ToolRequested), False),
    "a tool is about to run": (lambda: lambda event: isinstance(event, ToolStarted), False),
    "the next request is made": (lambda: lambda event: isinstance(event, RoundStarted), False),
    "the next reply arrives": (in_next_reply, True),
}


@pytest.mark.parametrize("stage", STAGES)
async def test_escape_at_each_stage(server: DemoServer, stage: str) -> None:
    stop, streaming = STAGES[stage]
    played = round_of(server)
    if stage == "the user is asked":
        played.answers = ()
    left = server.status()["disconnects"]
    events = await played.play("tool", stop=stop())
    assert isinstance(events[-1], TurnStopped)
    assert all(message.ending is not None for message in played.conversation.path()[1:])
    if streaming:
        server.wait_for("disconnects", left + 1)
    if stage == "the user is asked":
        assert [problem_of(result) for result in played.results] == [Problem.STOPPED] * 2


async def test_escape_while_a_tool_runs_stops_it(server: DemoServer) -> None:
    slow = Slow()
    played = round_of(server, toolbox=await offered(slow))
    turn = asyncio.create_task(played.play("tool rounds"))
    await slow.running.wait()
    played.stop()
    events = await turn
    assert isinstance(events[-1], TurnStopped)
    assert slow.stopped
    assert [problem_of(result) for result in played.results] == [Problem.STOPPED]


def test_ask_runs_what_is_allowed_and_nothing_else(server: DemoServer, tmp_path: Path) -> None:
    tools = ("--tools", "current_time,calc*", "--allow-tool", "calculator")
    done = run(tmp_path, "ask", "--base-url", server.url, *tools, "tool")
    assert "`42`" in done.stdout
    assert "not run: current_time" in done.stderr
    assert 'running calculator({"expression": "6 * 7"})' in done.stderr
    assert done.returncode == 0


def test_ask_says_every_step_in_json(server: DemoServer, tmp_path: Path) -> None:
    tools = ("--tools", "*", "--allow-tool", "*")
    done = run(tmp_path, "ask", "--base-url", server.url, "--json", *tools, "tool rounds")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    names = [event["event"] for event in events]
    assert names.count("tool_requested") == names.count("tool_started") == names.count("tool_finished") == 3
    assert [event["number"] for event in events if event["event"] == "round"] == [2, 3, 4]
    assert [event["result"] for event in events if event["event"] == "tool_finished"] == ["2", "4", "6"]
    assert (events[-1]["ending"], events[-1]["attempts"]) == ("complete", 4)


def test_ask_without_tools_runs_nothing(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", server.url, "tool")
    assert done.stderr.count("which was not run") == 2
