"""The status line says what is going on, and for how long."""

from __future__ import annotations

import pytest

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import (
    Connecting,
    Event,
    FirstToken,
    ReasoningArrived,
    Resuming,
    RetryScheduled,
    TextArrived,
    ToolRequested,
    TurnFinished,
    TurnStopped,
    UsageReported,
    Waiting,
)
from llmhub_tui.domain.messages import Message, Role, ToolCall, Usage
from llmhub_tui.tui.progress import Progress


def after(*events: Event) -> Progress:
    """A turn that began at 100 and had its events at 110."""
    progress = Progress()
    progress.begin(100.0)
    for event in events:
        progress.take(event, 110.0)
    return progress


ASKED = ToolRequested(Message("t", "r", Role.TOOL), ToolCall("c", "clock", "{}"))
BUSY = ChatError(ErrorKind.RATE_LIMIT, "slow \x1b[31mdown")


@pytest.mark.parametrize(
    ("events", "quiet_s", "label", "at_cursor"),
    [
        ([Connecting(1)], 0.0, "connecting, 12 s", "Generating… 12 s"),
        ([Connecting(1), Waiting()], 0.0, "waiting for the first token, 12 s", "Generating… 12 s"),
        ([FirstToken(1), ReasoningArrived("hm")], 0.0, "thinking, 12 s", ""),
        ([FirstToken(1), TextArrived("a b c d ")], 0.0, "streaming, 12 s · 2 words/s", ""),
        ([FirstToken(1), TextArrived("a b c d "), ASKED], 0.0, "asking you, 12 s", ""),
        ([FirstToken(1), TextArrived("a b")], 14.0, "no data for 14 s", "no data for 14 s"),
        (
            [RetryScheduled(9.0, 2, BUSY)],
            0.0,
            "next try in 7 s (r: now, Esc: end): slow ␛[31mdown",
            "next try in 7 s (r: now, Esc: end): slow ␛[31mdown",
        ),
        (
            [Resuming(5, 4.0, None)],
            0.0,
            "next try in 2 s (r: now, Esc: end): the connection was lost",
            "next try in 2 s (r: now, Esc: end): the connection was lost",
        ),
    ],
)
def test_each_phase_has_its_words(events: list[Event], quiet_s: float, label: str, at_cursor: str) -> None:
    progress = after(*events)
    assert progress.label(112.0, quiet_s) == label
    assert progress.at_cursor(112.0, quiet_s) == at_cursor


def test_the_end_is_said_with_the_servers_own_count() -> None:
    reply = Message("r", "p", Role.ASSISTANT, "text", ending=Ending.COMPLETE, duration_s=10.0)
    progress = after(FirstToken(1), TextArrived("a b"), UsageReported(Usage(1, 80, 81)))
    progress.take(TurnFinished(reply), 118.0)
    assert progress.label(200.0, 0.0) == "done · 10.0 s · 10 tokens/s"
    assert not progress.running


def test_stopping_is_shown_at_once_and_stays_until_the_end() -> None:
    progress = after(FirstToken(1), TextArrived("a b"))
    progress.stopping()
    progress.take(TextArrived("late "), 111.0)
    assert progress.label(111.0, 0.0).startswith("stopping")
    reply = Message("r", "p", Role.ASSISTANT, "a b", ending=Ending.STOPPED, duration_s=11.0)
    progress.take(TurnStopped(reply), 111.0)
    assert progress.label(111.0, 0.0).startswith("stopped · 11.0 s")
