"""Tools: choose them, and go on without them where a model takes none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from llmhub_tui.domain.errors import ErrorKind
from llmhub_tui.domain.plain import plain, plain_line
from llmhub_tui.tui.actions.host import Host
from llmhub_tui.tui.news import TurnEnded

if TYPE_CHECKING:
    from llmhub_tui.tui.tooling import Servers


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
            session.conversation.tools = on  # kept with the next message

        self.push_screen(ToolsScreen(desk, session.options.tools, choose))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves the slash to the composer, unless that is empty and something is offered."""
        if action == "offers":
            desk = self.workspace.tools if self.workspace is not None else None
            free = self.screen is self.chat_screen and self.chat.composer.has_focus
            return free and not self.chat.composer.text and desk is not None and bool(desk.servers.offers())
        return super().check_action(action, parameters)

    def action_offers(self) -> None:
        """Puts what an MCP server offers into the composer."""
        desk = self.workspace.tools if self.workspace is not None else None
        if desk is not None and desk.servers.offers():
            self.run_worker(self._take_offer(desk.servers), group="offers", exclusive=True)

    async def _take_offer(self, servers: Servers) -> None:
        from llmhub_tui.tools.mcp.offers import PromptOffer  # 20 ms, with the dialogs
        from llmhub_tui.tools.tool import ToolError
        from llmhub_tui.tui.dialogs.offers import ArgumentsDialog, OffersDialog

        offer = await self.push_screen_wait(OffersDialog(servers.offers()))
        arguments: dict[str, str] | None = {}
        if offer is not None and isinstance(offer, PromptOffer) and offer.arguments:
            arguments = await self.push_screen_wait(ArgumentsDialog(offer))
        if offer is None or arguments is None:
            return
        try:
            text = await servers.text_of(offer, arguments)
        except ToolError as error:
            self.notify(plain_line(str(error), 300), severity="error", markup=False)
            return
        self.chat.composer.insert(plain(text))
        self.chat.composer.focus()

    def on_turn_ended(self, event: TurnEnded) -> None:
        """Where the model has refused tools, asks whether to go on without."""
        from llmhub_tui.tui.dialogs.confirm import ConfirmDialog  # not needed for the first frame: 2 ms

        reply, session = event.reply, event.session
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
                session.conversation.tools = ()
                self.chat.start(lambda opened: opened.retry(reply.id))

        self.push_screen(ConfirmDialog(question, yes="Without tools"), answered)
