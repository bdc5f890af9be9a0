"""The invariants of a turn, for any script, any split and any moment of stopping."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted import HANG, Step
from support.sessions import Rig, ended, joined, play
from support.virtual_time import run

from llmhub_tui.domain.chunks import (
    DamageChunk,
    EmptyChunk,
    FinishChunk,
    OpenedChunk,
    ReasoningChunk,
    TextChunk,
    ToolCallChunk,
)
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import Event, TextArrived
from llmhub_tui.session.options import Clocks, TurnOptions

TEXTS = st.text(st.sampled_from("ab  \n猫e\u0301👩\u200d🚀."), max_size=12)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(TextChunk, TEXTS),
    st.builds(TextChunk, TEXTS),
    st.builds(ReasoningChunk, TEXTS),
    st.builds(ToolCallChunk, st.integers(0, 2), st.just("id"), st.just("f"), st.just("{")),
    st.builds(FinishChunk, st.sampled_from(["stop", "length", None])),
    st.just(EmptyChunk()),
    st.just(DamageChunk("a frame")),
    st.builds(
        ChatError, st.sampled_from([ErrorKind.NETWORK, ErrorKind.SERVER, ErrorKind.AUTH]), st.just("x")
    ),
    st.floats(0, 5),
    st.just(HANG),
)
SCRIPTS = st.lists(
    st.lists(STEPS, max_size=12).map(lambda steps: [OpenedChunk(), *steps]), min_size=1, max_size=4
)
OPTIONS = TurnOptions(model="m", clocks=Clocks(first_token_s=8, silence_s=4))


@settings(max_examples=150)
@given(SCRIPTS, st.none() | st.floats(0, 30), st.booleans())
def test_one_terminal_event_and_the_text_as_stored(
    scripts: list[list[Step]], stop_at: float | None, full: bool
) -> None:
    async def main() -> tuple[Rig, list[Event]]:
        rig = Rig(*scripts, options=OPTIONS, full=full)
        turn = await rig.session.send("hi")
        if stop_at is not None:
            asyncio.get_running_loop().call_later(stop_at, turn.cancel)
        return rig, await play(turn)

    rig, events = run(main)
    reply = ended(events)
    assert joined(events) == reply.text == rig.recorder.appended.get(reply.id, "")
    assert rig.recorder.finished == [reply]
    assert rig.conversation[reply.id] == reply
    assert reply.ending is not None
    assert rig.client.closed == len(rig.client.requests)
    if reply.ending is Ending.COMPLETE:
        assert any(isinstance(step, FinishChunk) for script in scripts for step in script)


@settings(max_examples=60)
@given(SCRIPTS, st.integers(0, 6))
def test_a_front_end_that_dies_loses_nothing(scripts: list[list[Step]], after: int) -> None:
    class DeadError(Exception):
        pass

    async def main() -> tuple[Rig, list[Event]]:
        rig = Rig(*scripts, options=OPTIONS)
        seen: list[Event] = []
        try:
            async with await rig.session.send("hi") as turn:
                async for event in turn:
                    seen.append(event)
                    if len(seen) > after:
                        raise DeadError
        except DeadError:
            pass
        return rig, seen

    rig, seen = run(main)
    [reply] = rig.recorder.finished
    assert reply.text == rig.recorder.appended.get(reply.id, "")
    assert reply.text.startswith("".join(event.text for event in seen if isinstance(event, TextArrived)))
    assert rig.client.closed == len(rig.client.requests)


@settings(max_examples=60)
@given(SCRIPTS, st.floats(0, 10))
def test_a_canceled_owner_still_gets_everything_saved(scripts: list[list[Step]], at: float) -> None:
    async def main() -> Rig:
        rig = Rig(*scripts, options=OPTIONS)
        turn = await rig.session.send("hi")
        owner = asyncio.create_task(play(turn))
        await asyncio.sleep(at)
        owner.cancel()
        await asyncio.gather(owner, return_exceptions=True)
        return rig

    rig = run(main)
    if rig.recorder.finished:
        assert rig.recorder.finished[0].text == "".join(rig.recorder.appended.values())
    assert rig.client.closed == len(rig.client.requests)
