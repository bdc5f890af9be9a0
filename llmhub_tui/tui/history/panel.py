"""The conversations beside the chat; where the terminal is narrow, over it."""

from __future__ import annotations

from llmhub_tui.tui.history.browser import Browser


class HistoryPanel(Browser):
    """A browser at the left. Its look is the style sheet's business."""
