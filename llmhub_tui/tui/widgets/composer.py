"""The prompt editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from llmhub_tui.domain.plain import plain

_NEW_LINE: Final = ("shift+enter", "alt+enter", "ctrl+j")


class Composer(TextArea):
    """Where a prompt is written: Enter sends it, and Shift, Alt or Ctrl make a new line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Send", id="composer.send", tooltip="Send the prompt", show=False),
        Binding(
            ",".join(_NEW_LINE),
            "newline",
            "New line",
            id="composer.newline",
            tooltip="Begin a new line",
            show=False,
        ),
    ]

    @dataclass
    class Stepped(Message):
        """Another prompt is wanted: 1 for an older one, -1 for a newer one."""

        step: int

    @dataclass
    class Submitted(Message):
        """The user has sent a prompt."""

        composer: Composer
        text: str

        @property
        def control(self) -> Composer:
            """The composer that it came from."""
            return self.composer

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        """Takes the text that an empty composer shows."""
        super().__init__(
            id=id, placeholder=placeholder, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False
        )
        self.cursor_blink = False  # so that an idle chat paints nothing
        self._put: tuple[str, tuple[int, int]] | None = None
        """What was put here, and where the cursor was left; `None` when nothing was."""

    def put(self, text: str, mode: str = "", *, stepping: bool = False) -> None:
        """Shows another text, with the cursor at its end.

        Args:
            text: takes the place of what is there; Ctrl+Z takes it back.
            mode: what the frame says about it; empty for a new prompt.
            stepping: whether Up and Down, if pressed next, lead on from it wherever the cursor is.
        """
        if text != self.text:
            self.replace(text, (0, 0), self.document.end)
        self.move_cursor(self.document.end)
        self._put = (self.text, self.cursor_location) if stepping else None
        self.border_title = Content(mode)
        self.set_class(bool(mode), "-recalled")

    def action_cursor_up(self, select: bool = False) -> None:
        """Goes up a line; from the first one, or right after a step, to an older prompt."""
        if not select and (self._untouched or self._line == 0):
            self.post_message(self.Stepped(1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Goes down a line; from the last one, or right after a step, to a newer prompt."""
        if not select and (self._untouched or self._line >= self.wrapped_document.height - 1):
            self.post_message(self.Stepped(-1))
        else:
            super().action_cursor_down(select)

    def move_line(self, step: int) -> None:
        """Moves the cursor up (1) or down (-1) where there is no other prompt."""
        if step > 0:
            super().action_cursor_up()
        else:
            super().action_cursor_down()

    @property
    def _line(self) -> int:
        """The line of the cursor, as lines are wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    @property
    def _untouched(self) -> bool:
        """Whether a text was put here that is not empty, and nothing was done since."""
        return (
            self._put is not None
            and bool(self._put[0])
            and self._put[1] == self.cursor_location
            and self._put[0] == self.text
        )

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Lets the app look at a letter first while nothing is written: it may be a command just then."""
        return bool(self.text) and super().check_consume_key(key, character)

    def render_line(self, y: int) -> Strip:
        """Nothing where there is no room: Textual's editor can't wrap its placeholder to no width."""
        return super().render_line(y) if self.content_size.width > 0 else Strip.blank(self.size.width)

    def action_submit(self) -> None:
        """Sends the prompt, if there is one. The text stays until the app takes it over."""
        if self.text.strip():
            self.post_message(self.Submitted(self, self.text))

    def action_newline(self) -> None:
        """Breaks the line at the cursor."""
        start, end = self.selection
        self.replace("\n", start, end)

    def on_key(self, event: events.Key) -> None:
        """Keeps Enter for sending; the editor would break the line.

        What breaks one is done here as well: a binding would come after the letters that follow the key.
        """
        if event.key == "enter" or event.key in _NEW_LINE:
            event.prevent_default()
            event.stop()
            if event.key == "enter":
                self.action_submit()
            else:
                self.action_newline()

    def on_paste(self, event: events.Paste) -> None:
        """Takes a paste as text: what could drive the terminal is made visible, and nothing is sent."""
        event.prevent_default()
        event.stop()
        start, end = self.selection
        self.replace(plain(event.text), start, end)
