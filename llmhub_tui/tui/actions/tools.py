"""Tools: choose them, and go on without them where a model takes none."""

from __future__ import annotations

from dataclasses import replace

from llmhub_tui.domain.errors import ErrorKind
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.actions.host import Host
from llmhub_tui.tui.chat import ChatView
from llmhub_tui.tui.dialogs.confirm import ConfirmDialog


class ToolActions(Host):
    """What is done about tools."""

    def action_tools(self) -> None:
        """Shows all tools, and which are on in this conversation."""
        from llmhub_tui.tui.dialogs.tools import ToolsScreen  # the option list: 30 ms

        desk = self.workspace.tools if self.workspace is not None else None
        session = self.chat.session
        if desk is None or session is None or isinstance(self.screen, ToolsScreen):
            return

        def choose(on: tuple[str, ...]) -> None:
            session.options = replace(session.options, tools=on)

        self.push_screen(ToolsScreen(desk, session.options.tools, choose))

    def on_conversation_view_ended(self, event: ChatView.Ended) -> None:
        """Where the model has refused tools, asks whether to go on without."""
        reply, session = self.chat.last_reply(), event.session
        if (
            not event.seen
            or reply is None
            or reply.failure is None
            or reply.failure.kind != ErrorKind.TOOLS.value
        ):
            return
        said = plain_line(reply.failure.message, 300)
        question = f"This model, or its server, takes no tools:\n{said}\n\nGo on without tools in this chat?"

        def answered(yes: bool | None) -> None:
            if yes and not self.chat.running and self.chat.session is session:
                session.options = replace(session.options, tools=())
                self.chat.start(lambda opened: opened.retry(reply.id))

        self.push_screen(ConfirmDialog(question, yes="Without tools"), answered)
