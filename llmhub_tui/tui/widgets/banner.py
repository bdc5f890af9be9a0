"""A line above the conversation for what the user must know and can't overlook."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from llmhub_tui.domain.plain import plain


class Banner(Static):
    """Shows one text, or takes no room at all."""

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Shows a text; an empty one hides the banner."""
        self.display = bool(text)
        self.set_class(warning, "-warning")
        self.update(Content(plain(text)))
