"""What a turn promises, whatever the server does."""

from __future__ import annotations

import pytest
from support.scripted import HANG, Step, cut, saying
from support.sessions import Rig, ended, joined, play
from support.virtual_time import run

from llmhub_tui.domain.chunks import (
    EmptyChunk,
    FinishChunk,
    ModelChunk,
    OpenedChunk,
    ReasoningChunk,
    RefusalChunk,
    TextChunk,
    ToolCallChunk,
    UsageChunk,
)
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import (
    Connecting,
    Event,
    FirstToken,
    NotSaved,
    Resuming,
    RetryScheduled,
    TextArrived,
    TurnFailed,
    TurnStarted,
    TurnStopped,
)
from llmhub_tui.domain.messages import ToolCall, Usage
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import Clocks, TurnOptions


def sent(*scripts: list[Step], options: TurnOptions | None = None) -> tuple[Rig, list[Event]]:
    """Sends one prompt and plays its turn."""
    rig: list[Rig] = []

    async def main() -> list[Event]:
        rig.append(Rig(*scripts, options=options))
        return await play(await rig[0].session.send("hi"))

    events = run(main)
    return rig[0], events


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        (saying("Hello, ", "world!"), Ending.COMPLETE),
        (saying("Hello", reason=None), Ending.COMPLETE),
        (saying("Hello", reason="length"), Ending.LENGTH),
        (saying("Hello", reason="content_filter"), Ending.FILTERED),
        (saying(), Ending.EMPTY),
        ([OpenedChunk()], Ending.EMPTY),
        ([OpenedChunk(), RefusalChunk("No."), FinishChunk("stop")], Ending.REFUSAL),
        ([OpenedChunk(), ToolCallChunk(0, "c1", "now", "{}"), FinishChunk("tool_calls")], Ending.TOOL_CALLS),
        (cut("Hello, wor"), Ending.INCOMPLETE),
        ([ChatError(ErrorKind.AUTH, "no")], Ending.ERROR),
        ([OpenedChunk(), TextChunk("Hello "), ChatError(ErrorKind.SERVER, "overloaded")], Ending.ERROR),
        ([OpenedChunk(), TextChunk("Hello "), ChatError(ErrorKind.NETWORK, "reset")], Ending.INCOMPLETE),
    ],
)
def test_every_reply_says_how_it_ended_and_keeps_its_text(script: list[Step], ending: Ending) -> None:
    rig, events = sent(script)
    reply = ended(events)
    assert reply.ending is ending
    assert (
        joined(events) == reply.text == "".join(step.text for step in script if isinstance(step, TextChunk))
    )
    assert rig.recorder.appended.get(reply.id, "") == reply.text
    assert rig.recorder.finished == [reply]
    assert rig.conversation[reply.id] == reply


def test_the_prompt_is_recorded_before_the_request_leaves() -> None:
    async def main() -> None:
        rig = Rig(saying("ok"))
        turn = await rig.session.send("my prompt")
        assert [message.text for message in rig.recorder.begun] == ["my prompt", ""]
        assert rig.client.requests == []
        await play(turn)
        assert [message.text for message in rig.client.requests[0].messages] == ["my prompt"]

    run(main)


def test_events_come_in_order() -> None:
    script: list[Step] = [
        OpenedChunk(),
        EmptyChunk(),
        ModelChunk("m-1"),
        2.0,
        TextChunk("one two"),
        FinishChunk("stop"),
        UsageChunk(Usage(1, 2, 3)),
    ]
    _, events = sent(script)
    names = [type(event).__name__ for event in events]
    assert names == [
        "TurnStarted",
        "Connecting",
        "Waiting",
        "FirstToken",
        "TextArrived",
        "UsageReported",
        "TextArrived",
        "TurnFinished",
    ]
    assert next(event for event in events if isinstance(event, FirstToken)).after_s == pytest.approx(2.0)
    assert (ended(events).model, ended(events).usage) == ("m-1", Usage(1, 2, 3))


def test_fragments_of_a_tool_call_are_joined() -> None:
    script: list[Step] = [
        OpenedChunk(),
        ToolCallChunk(1, "b", "search", '{"q":'),
        ToolCallChunk(0, "a", "now"),
        ToolCallChunk(1, arguments='"x"}'),
        FinishChunk("tool_calls"),
    ]
    _, events = sent(script)
    assert ended(events).tool_calls == (ToolCall("a", "now", ""), ToolCall("b", "search", '{"q":"x"}'))


def test_a_refusal_is_kept_and_is_no_text() -> None:
    _, events = sent([OpenedChunk(), RefusalChunk("I can't "), RefusalChunk("do that."), FinishChunk("stop")])
    reply = ended(events)
    assert reply.text == ""
    assert reply.failure is not None
    assert reply.failure.message == "I can't do that."


def test_a_failure_before_the_first_token_is_retried_with_a_countdown() -> None:
    busy = ChatError(ErrorKind.RATE_LIMIT, "slow down", retry_after_s=7.0)
    rig, events = sent([busy], [busy], saying("there"))
    waits = [event.in_s for event in events if isinstance(event, RetryScheduled)]
    assert waits == [7.0, 7.0]
    assert [event.attempt for event in events if isinstance(event, Connecting)] == [1, 2, 3]
    assert ended(events).text == "there"
    assert len(rig.client.requests) == 3


def test_retries_end() -> None:
    rig, events = sent([ChatError(ErrorKind.SERVER, "down")])
    assert ended(events).ending is Ending.ERROR
    assert len(rig.client.requests) == 5


def test_what_cannot_be_helped_is_not_retried() -> None:
    rig, events = sent([ChatError(ErrorKind.AUTH, "bad key")])
    assert len(rig.client.requests) == 1
    last = events[-1]
    assert isinstance(last, TurnFailed)
    assert last.error.message == "bad key"


def test_a_lost_connection_is_resumed_from_the_partial() -> None:
    rig, events = sent(cut("The quick brown "), saying("fox jumps."))
    reply = ended(events)
    assert reply.text == joined(events) == "The quick brown fox jumps."
    assert reply.ending is Ending.COMPLETE
    assert rig.client.requests[1].messages[-1].text == "The quick brown "
    assert any(isinstance(event, Resuming) for event in events)


def test_a_resumed_reply_is_not_doubled_where_the_server_repeats_it() -> None:
    _, events = sent(cut("The quick brown "), saying("The quick ", "brown fox ", "jumps."))
    assert ended(events).text == "The quick brown fox jumps."


def test_a_reply_that_is_begun_anew_is_not_mixed_with_the_partial() -> None:
    _, events = sent(cut("The quick brown fox jumps over "), saying("The quick brown dog barks."))
    reply = ended(events)
    assert reply.text == "The quick brown fox jumps over "
    assert reply.ending is Ending.INCOMPLETE


def test_cut_tool_calls_are_asked_for_again_and_never_resumed() -> None:
    broken: list[Step] = [
        OpenedChunk(),
        ToolCallChunk(0, "a", "now", '{"zo'),
        ChatError(ErrorKind.NETWORK, "x"),
    ]
    whole: list[Step] = [OpenedChunk(), ToolCallChunk(0, "b", "now", "{}"), FinishChunk("tool_calls")]
    _, events = sent(broken, whole)
    assert ended(events).tool_calls == (ToolCall("b", "now", "{}"),)


@pytest.mark.parametrize(
    ("script", "kind", "ending"),
    [
        ([OpenedChunk(), EmptyChunk(), HANG], ErrorKind.TIMEOUT_START, Ending.ERROR),
        ([HANG], ErrorKind.TIMEOUT_START, Ending.ERROR),
        ([OpenedChunk(), TextChunk("some text"), HANG], ErrorKind.TIMEOUT_SILENCE, Ending.INCOMPLETE),
    ],
)
def test_each_silence_has_a_clock(script: list[Step], kind: ErrorKind, ending: Ending) -> None:
    options = TurnOptions(clocks=Clocks(first_token_s=30, silence_s=10), resumes=0)
    rig, events = sent(script, options=options)
    last = events[-1]
    assert isinstance(last, TurnFailed)
    assert (last.error.kind, last.reply.ending) == (kind, ending)
    assert rig.client.closed == len(rig.client.requests)


def test_a_slow_stream_is_no_silence() -> None:
    script: list[Step] = [OpenedChunk()]
    for _ in range(20):
        script += [50.0, TextChunk("word ")]
    _, events = sent([*script, FinishChunk("stop")])
    assert ended(events).text == "word " * 20


def test_a_socket_that_stays_open_after_the_finish_reason_ends_the_turn() -> None:
    _, events = sent([*saying("done"), HANG])
    assert ended(events).ending is Ending.COMPLETE


def test_a_word_is_let_out_when_it_is_held_for_long() -> None:
    async def main() -> list[Event]:
        rig = Rig([OpenedChunk(), TextChunk("Hel"), HANG])
        seen: list[Event] = []
        began_at = LoopClock().now()
        async with await rig.session.send("hi") as turn:
            async for event in turn:
                seen.append(event)
                if isinstance(event, TextArrived):
                    assert LoopClock().now() - began_at <= 0.2
                    turn.cancel()
        return seen

    assert joined(run(main)) == "Hel"


@pytest.mark.parametrize("full", [False, True])
def test_a_full_disk_stops_nothing_and_is_said(full: bool) -> None:
    async def main() -> tuple[list[Event], str]:
        rig = Rig(saying("Hello."), full=full)
        turn = await rig.session.send("hi")
        return await play(turn), turn.unsaved

    events, unsaved = run(main)
    assert ended(events).text == "Hello."
    assert any(isinstance(event, NotSaved) for event in events) is full
    assert unsaved == ("the disk is full" if full else "")


def test_a_turn_that_is_stopped_before_its_first_step_says_so() -> None:
    async def main() -> list[Event]:
        turn = await Rig(saying("never seen")).session.send("hi")
        async with turn:
            turn.cancel()
            return [event async for event in turn]

    events = run(main)
    assert isinstance(events[0], TurnStarted)
    assert isinstance(events[-1], TurnStopped)
    assert ended(events).text == ""


def test_reasoning_is_kept_where_nothing_is_asked_again() -> None:
    thought = ReasoningChunk("Let me think. ")
    _, events = sent([OpenedChunk(), thought, ChatError(ErrorKind.SERVER, "died", retryable=False)])
    reply = ended(events)
    assert (reply.ending, reply.reasoning) == (Ending.ERROR, "Let me think. ")
    _, events = sent([OpenedChunk(), thought, ChatError(ErrorKind.SERVER, "died")], saying("Hi"))
    assert ended(events).reasoning == ""


def test_a_refusal_that_was_cut_is_not_told_twice() -> None:
    lost = ChatError(ErrorKind.NETWORK, "reset")
    whole: list[Step] = [OpenedChunk(), RefusalChunk("No, thanks."), FinishChunk("stop")]
    _, events = sent([OpenedChunk(), RefusalChunk("No, "), lost], whole)
    reply = ended(events)
    assert reply.failure is not None
    assert (reply.ending, reply.failure.message) == (Ending.REFUSAL, "No, thanks.")
