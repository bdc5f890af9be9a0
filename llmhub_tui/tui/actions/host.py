"""What every action works with: the chat, its screen, and the open workspace."""

from __future__ import annotations

from llmhub_tui.tui.chat import ChatView
from llmhub_tui.tui.crash import CrashGuard
from llmhub_tui.tui.desk import Desk
from llmhub_tui.tui.screen import ChatScreen
from llmhub_tui.tui.workspace import Workspace


class Host(CrashGuard):
    """The app as its actions see it."""

    workspace: Workspace | None = None
    """`None` until it is open, which is after the first frame."""
    desk: Desk
    """What is being written, in each conversation."""

    @property
    def chat(self) -> ChatView:
        """The chat."""
        return self.chat_screen.chat

    @property
    def chat_screen(self) -> ChatScreen:
        """The chat's screen, which lies below all dialogs."""
        screen = self.screen_stack[0]
        if not isinstance(screen, ChatScreen):
            raise RuntimeError("the chat's screen is always the first")
        return screen
