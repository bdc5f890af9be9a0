"""What an empty conversation shows: how to begin, and where everything else is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

_KEYS: Final = (
    ("Enter", "sends"),
    ("Escape", "stops a reply"),
    ("Ctrl+O", "earlier conversations"),
    ("Ctrl+P", "every action by name"),
    ("F1", "help"),
)


class Welcome(Container):
    """Stands where the conversation will be; takes no keys and no time."""

    blank: reactive[bool] = reactive(False)
    """Whether a conversation is about to take the place: then nothing is shown in it."""

    def __init__(self, *, blank: bool = False) -> None:
        """Takes whether to be blank."""
        super().__init__()
        self.set_reactive(Welcome.blank, blank)

    def compose(self) -> ComposeResult:
        """One block of text, in the middle."""
        block = Static(self._content(()))
        block.display = not self.blank
        yield block

    def watch_blank(self) -> None:
        """Shows the block, or hides it."""
        for block in self.query(Static):
            block.display = not self.blank

    def tell(self, tries: Sequence[str]) -> None:
        """Shows what may be typed to see something happen; nothing for none."""
        self.query_one(Static).update(self._content(tries))

    @staticmethod
    def _content(tries: Sequence[str]) -> Content:
        width = max(len(key) for key, _ in _KEYS)
        lines = [Content.styled("llmhub-chat", "bold $text-primary"), Content("")]
        for key, meaning in _KEYS:
            name = Content.styled(f"{key:<{width}}", "$text-accent")
            lines.append(Content.assemble(name, Content.styled(f"  {meaning}", "$foreground-muted")))
        if tries:
            lines += [Content(""), Content.styled("Try one of these:", "$foreground-muted")]
            lines += [Content(f"  {text}") for text in tries]
        return Content("\n").join(lines)
