"""What every action works with: the chat, its screen, and the open workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmhub_tui.tui.chat import ChatView
from llmhub_tui.tui.crash import CrashGuard
from llmhub_tui.tui.desk import Desk
from llmhub_tui.tui.screen import ChatScreen

if TYPE_CHECKING:
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

    async def confirm(self, question: str, *, yes: str) -> bool:
        """Asks, in a worker, and says whether the affirming answer with this word was chosen."""
        from llmhub_tui.tui.dialogs.confirm import ConfirmDialog  # not needed for the first frame: 2 ms

        answer: bool = await self.push_screen_wait(ConfirmDialog(question, yes=yes))
        return answer

    @property
    def chat_screen(self) -> ChatScreen:
        """The chat's screen, which lies below all dialogs."""
        screen = self.screen_stack[0]
        if not isinstance(screen, ChatScreen):
            raise RuntimeError("the chat's screen is always the first")
        return screen
