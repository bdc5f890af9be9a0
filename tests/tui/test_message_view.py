"""What stands above and below a message."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from textual.theme import BUILTIN_THEMES

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.tui.widgets.entries import CallState, Card, Entry
from llmhub_tui.tui.widgets.pane.head import clock
from llmhub_tui.tui.widgets.pane.look import PaneLook
from llmhub_tui.tui.widgets.pane.message_view import MessageView

COLORS = BUILTIN_THEMES["textual-dark"].to_color_system().generate()


def view_of(
    message: Message, *, attempts: int = 1, width: int = 60, cards: tuple[Card, ...] = ()
) -> MessageView:
    """A view of a message, made."""
    view = MessageView(
        Entry(message, 2 if attempts > 1 else 1, attempts, cards=cards), PaneLook.of(COLORS, width, (1, 1, 1))
    )
    view.make()
    return view


def text_of(view: MessageView) -> str:
    """All lines of a view."""
    return "\n".join(view.line(at).strip.text.rstrip() for at in range(view.height))


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        ((2026, 9, 21, 14, 13), "14:13"),
        ((2026, 9, 20, 23, 59), "20 Sep 23:59"),
        ((2025, 9, 21, 9, 5), "21 Sep 2025 09:05"),
    ],
)
def test_a_message_of_another_day_says_which(then: tuple[int, int, int, int, int], shown: str) -> None:
    at = time.mktime((*then, 0, 0, 0, -1))
    assert clock(at, (2026, 9, 21)) == shown


def test_a_message_says_who_when_model_attempt_and_ending() -> None:
    said = time.mktime((2026, 9, 21, 14, 13, 0, 0, 0, -1))
    reply = Message(
        "r", None, Role.ASSISTANT, "Words", created_at=said, model="some-model", ending=Ending.STOPPED
    )
    lines = text_of(view_of(reply, attempts=3)).split("\n")
    assert lines[1] == "Assistant · some-model · 21 Sep 2026 14:13 · ‹2/3›"
    assert lines[-1].startswith("■ stopped")


def test_reasoning_and_each_tool_call_fold_by_themselves() -> None:
    calls = tuple(ToolCall(f"c{at}", f"tool{at}", '{"a": 1, "b": 2, "c": 3, "d": 4}') for at in range(2))
    message = Message("r", None, Role.ASSISTANT, "Words", reasoning="deep thoughts", tool_calls=calls)
    view = view_of(message, cards=tuple(Card(call, CallState.DONE) for call in calls))
    assert "deep thoughts" not in text_of(view)
    assert text_of(view).count("d: 4") == 0
    [reasoning, first, second] = sorted(view.frame.folds)
    view.toggle({reasoning})
    assert "deep thoughts" in text_of(view)
    view.toggle({second})
    assert text_of(view).count("d: 4") == 1
    view.toggle(view.frame.folds)
    assert text_of(view).count("d: 4") == 2
    assert first in view.frame.unfolded
    view.toggle(view.frame.folds)
    assert "deep thoughts" not in text_of(view)
    assert "d: 4" not in text_of(view)


def test_folds_stay_as_they_are_when_the_reply_ends() -> None:
    message = Message("r", None, Role.ASSISTANT, "Words", reasoning="deep thoughts")
    view = view_of(message)
    view.toggle(view.frame.folds)
    view.update(replace(view.entry, message=replace(message, ending=Ending.COMPLETE)))
    assert "deep thoughts" in text_of(view)


def test_a_word_changes_the_last_lines_and_nothing_above_them() -> None:
    live = Message("r", None, Role.ASSISTANT, "")
    view = MessageView(Entry(live, live=True), PaneLook.of(COLORS, 40, (1, 1, 1)))
    view.make()
    for text in ("One paragraph.\n\n", "Another.\n\n", "The "):
        view.pacer.put(text, 0.0)
        view.flush(9.0)
    view.pacer.put("third", 0.0)
    assert view.flush(9.0) >= view.cursor_line - 1
    view.frame.set_waiting("no data for 3 s")
    assert view.flush(9.0) >= view.cursor_line - 1
    view.frame.put_reasoning("a thought")
    assert view.flush(9.0) == 2
    view.frame.put_reasoning(" and more")
    assert view.flush(9.0) == 2
    view.frame.set_card(0, Card(ToolCall("c", "tool", "{}"), CallState.RUNNING))
    assert view.flush(9.0) >= view.cursor_line - 1
