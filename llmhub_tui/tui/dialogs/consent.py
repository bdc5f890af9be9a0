"""Asks whether a tool may run: nothing but a hand that has seen the whole call can say yes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.dialogs.hand import Hand
from llmhub_tui.tui.widgets.exact import ExactText

_WORDS: Final = {
    Answer.NO: ("No", "Not this time."),
    Answer.ONCE: ("Once", "This one call may run."),
    Answer.CONVERSATION: ("This chat", "This tool may run unasked until this conversation is closed."),
    Answer.ALWAYS: ("Always", "Calls like this may run unasked from now on; kept in the settings."),
    Answer.NEVER: ("Never", "This tool is refused unasked from now on; kept in the settings."),
}
_UNREAD: Final = "See the end of the call first: ↓ End."
_SCROLLING: Final = frozenset({"up", "down", "pageup", "pagedown"})
_LOW: Final = 18
"""Lines below which nothing is spent on borders."""
_AROUND: Final = 13
"""Lines of a terminal that the call leaves to the rest of the dialog and to what is behind it."""


class Choice(Static, can_focus=True):
    """One answer. It has no key of its own, and a click only chooses it."""

    @dataclass
    class Chosen(Message):
        """It has the focus now."""

        answer: Answer

    def __init__(self, answer: Answer) -> None:
        """Takes the answer that it stands for."""
        super().__init__(Content(_WORDS[answer][0]), id=str(answer), disabled=answer.allows)
        self.answer = answer

    def on_focus(self) -> None:
        """Says so."""
        self.post_message(self.Chosen(self.answer))


class ConsentDialog(ModalScreen[Answer]):
    """Shows a call and takes an answer.

    No is chosen at first, and Escape means it. What allows the call can be chosen only when the end of
    its text has been on the screen, by moving there and pressing Enter. Keys do nothing for half a
    second after the dialog has come up, or when they come faster than a hand is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "no", "No", id="consent.no", tooltip="The call does not run"),
        Binding("enter", "answer", "Answer", id="consent.answer", tooltip="Give the chosen answer"),
        Binding("left", "app.focus_previous", "Previous", id="consent.previous", tooltip="The answer before"),
        Binding("right", "app.focus_next", "Next", id="consent.next", tooltip="The answer behind"),
        Binding("up", "scroll('up')", "Up", id="consent.up", tooltip="Scroll the call"),
        Binding("down", "scroll('down')", "Down", id="consent.down", tooltip="Scroll the call"),
        Binding("pageup", "scroll('page_up')", "Page up", id="consent.page_up", tooltip="Scroll the call"),
        Binding(
            "pagedown", "scroll('page_down')", "Page down", id="consent.page_down", tooltip="Scroll the call"
        ),
        Binding("home", "scroll('home')", "Start", id="consent.home", tooltip="The start of the call"),
        Binding("end", "scroll('end')", "End", id="consent.end", tooltip="The end of the call"),
    ]

    def __init__(self, request: ConsentRequest, clock: Callable[[], float] = time.monotonic) -> None:
        """Takes the call, and a clock that never goes back."""
        super().__init__()
        self._request = request
        self._clock = clock
        self._hand = Hand(clock)

    def compose(self) -> ComposeResult:
        """What wants to run, the whole call, and the answers."""
        request = self._request
        parts = [
            ("Tool", request.tool),
            ("From", request.source),
            (f"Arguments ({len(request.arguments):,} characters)", request.arguments),
        ]
        if request.detail:
            parts.append((f"What it would do ({len(request.detail):,} characters)", request.detail))
        with Vertical(classes="consent"):
            yield Label(Content("May this tool run?"), classes="-title")
            yield ExactText(*parts)
            with Horizontal():
                for answer in Answer:
                    yield Choice(answer)
            yield Label(id="hint")

    def on_mount(self) -> None:
        """Chooses No."""
        self._hand = Hand(self._clock)
        self.query_one("#no").focus()

    def on_resize(self, event: events.Resize) -> None:
        """Gives the call the room of borders where the terminal is low."""
        height = event.size.height
        self.set_class(height < _LOW, "-low")
        self.query_one(ExactText).styles.max_height = None if height < _LOW else height - _AROUND

    def on_key(self, event: events.Key) -> None:
        """Keeps from bindings and buttons what no hand has pressed."""
        if not self._hand.means(repeated=event.key in _SCROLLING):
            event.prevent_default()
            event.stop()

    def on_exact_text_end_seen(self) -> None:
        """Lets the call be allowed."""
        for choice in self.query(Choice):
            choice.disabled = False
        self._hint()

    def on_choice_chosen(self) -> None:
        """Says what the chosen answer means."""
        self._hint()

    def action_scroll(self, how: str) -> None:
        """Scrolls the call, whatever has the focus."""
        getattr(self.query_one(ExactText), f"scroll_{how}")(animate=False)

    def action_answer(self) -> None:
        """Gives the answer that has the focus."""
        if isinstance(self.focused, Choice) and not self.focused.disabled:
            self.dismiss(self.focused.answer)

    def action_no(self) -> None:
        """Refuses."""
        self.dismiss(Answer.NO)

    def _hint(self) -> None:
        words = ""
        if isinstance(self.focused, Choice):
            name, meaning = _WORDS[self.focused.answer]
            words = f"Enter: {name}. {meaning}"
            if self.focused.answer is Answer.ALWAYS and self._request.alike:
                patterns = ", ".join(f"{name} = {pattern}" for name, pattern in self._request.alike)
                words = plain_line(f"Enter: {name}, kept in the settings, for {patterns}", 300)
        if not self.query_one(ExactText).end_seen:
            words = _UNREAD
        self.query_one("#hint", Label).update(Content(words))
