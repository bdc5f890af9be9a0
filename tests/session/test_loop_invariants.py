"""The invariants of a turn that runs tools, for any script, any answers and any moment of stopping."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted import HANG, Step
from support.sessions import Rig, ended, play
from support.toolbox import TOOLS, FakeGate, FakeToolbox
from support.virtual_time import run

from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, TextChunk, ToolCallChunk
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import (
    Event,
    RoundStarted,
    TextArrived,
    ToolFinished,
    ToolStarted,
    TurnStarted,
)
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.tools import NEVER_RAN, problem_of
from llmhub_tui.session.history import sendable
from llmhub_tui.session.options import Clocks, TurnOptions

CALLS = st.builds(
    ToolCallChunk,
    st.integers(0, 2),
    st.sampled_from(["", "x", "y"]),
    st.sampled_from([*TOOLS, "unknown"]),
    st.sampled_from(
        ["", "{}", '{"a'],
    ),
)
STEPS: st.SearchStrategy[Step] = st.one_of(
    CALLS,
    CALLS,
    st.builds(TextChunk, st.sampled_from(["some ", "words", ""])),
    st.floats(0, 3),
    st.just(HANG),
    st.builds(ChatError, st.sampled_from([ErrorKind.NETWORK, ErrorKind.AUTH]), st.just("x")),
)
SCRIPTS = st.lists(
    st.tuples(st.lists(STEPS, max_size=5), st.sampled_from(["tool_calls", "stop", "length"])).map(
        lambda made: [OpenedChunk(), *made[0], FinishChunk(made[1])]
    ),
    min_size=1,
    max_size=4,
)
ANSWERS = st.lists(st.sampled_from(list(Answer)), max_size=4)
OPTIONS = TurnOptions(model="m", tools=TOOLS, rounds=4, clocks=Clocks(first_token_s=8, silence_s=4))


@settings(max_examples=150)
@given(SCRIPTS, ANSWERS, st.none() | st.floats(0, 20), st.booleans())
def test_one_terminal_event_and_every_message_as_it_was_told(
    scripts: list[list[Step]], answers: list[Answer], stop_at: float | None, full: bool
) -> None:
    toolbox, gate = FakeToolbox(), FakeGate(answers)

    async def main() -> tuple[Rig, list[Event]]:
        rig = Rig(*scripts, options=OPTIONS, full=full, toolbox=toolbox, gate=gate)
        turn = await rig.session.send("hi")
        # a tool that hangs, and a user who does not answer, wait for Escape
        asyncio.get_running_loop().call_later(200 if stop_at is None else stop_at, turn.cancel)
        return rig, await play(turn)

    rig, events = run(main)
    last = ended(events)
    path = rig.conversation.path()
    replies = [message for message in path if message.role is Role.ASSISTANT]
    assert last == replies[-1]
    assert _texts(events) == [reply.text for reply in replies]
    assert all(message.ending is not None for message in path[1:])
    saved = {message.id: message for message in rig.recorder.finished}
    assert all(saved[message.id] == message for message in path[1:])
    assert rig.client.closed == len(rig.client.requests)
    for request in rig.client.requests:
        assert len(sendable(request.messages)) >= len(request.messages) - 1  # a partial may be the last
    _check_calls(path, events, toolbox, gate)


def _texts(events: list[Event]) -> list[str]:
    """What was told of each reply, in order."""
    found: list[str] = []
    for event in events:
        if isinstance(event, TurnStarted | RoundStarted):
            found.append("")
        elif isinstance(event, TextArrived):
            found[-1] += event.text
    return found


def _check_calls(path: list[Message], events: list[Event], toolbox: FakeToolbox, gate: FakeGate) -> None:
    """Nothing ran that was not allowed; everything that was asked for is answered once."""
    results = {message.id: message for message in path if message.role is Role.TOOL}
    started = [event for event in events if isinstance(event, ToolStarted)]
    finished = [event.message.id for event in events if isinstance(event, ToolFinished)]
    assert sorted(finished) == sorted(results)
    allowed = [answer for answer in (gate.answers or ()) if answer.allows]
    if not allowed:
        assert started == []
        assert toolbox.ran == []
    for event in started:
        assert problem_of(results[event.message.id]) not in NEVER_RAN
    for reply, after in pairwise(path):
        if reply.role is Role.ASSISTANT and after.role is Role.TOOL:
            chain = path[path.index(after) :][: len(reply.tool_calls)]
            assert [message.tool_call_id for message in chain] == [call.id for call in reply.tool_calls]
