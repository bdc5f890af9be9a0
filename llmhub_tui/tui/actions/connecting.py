"""Another server, or another key, without a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.tui.actions.host import Host
from llmhub_tui.tui.news import TurnEnded

if TYPE_CHECKING:
    from llmhub_tui.tui.connecting import Connector, Server


class ConnectActions(Host):
    """What is done about the server."""

    def action_connect(self) -> None:
        """Asks for a server and its key, and goes on there."""
        connector = self.workspace.connector if self.workspace is not None else None
        if connector is None or len(self.screen_stack) > 1:
            return
        if self.chat.players.running():
            self.notify("A reply is running. Escape stops it.", markup=False)
            return
        self.run_worker(self._connect(connector), group="connect", exclusive=True)

    def on_turn_ended(self, event: TurnEnded) -> None:
        """Says how to set another key, where the server has not accepted the one it got."""
        failure = event.reply.failure if event.reply is not None else None
        if event.seen and failure is not None and failure.kind == ErrorKind.AUTH.value:
            self.notify("F2 sets another key or another server.", timeout=10, markup=False)

    async def _connect(self, connector: Connector) -> None:
        from llmhub_tui.tui.dialogs.connect import ConnectDialog  # input fields: 20 ms

        base_url, problem = connector.base_url, ""
        while True:
            server: Server | None = await self.push_screen_wait(ConnectDialog(base_url, problem))
            if server is None:
                return
            base_url = server.base_url
            self.chat_screen.tell(f"Asking {base_url} …")
            try:
                await asyncio.to_thread(connector.try_out, server)
                notice = await asyncio.to_thread(connector.keep, server)
            except ChatError as error:
                problem = " ".join(part for part in (error.message.rstrip(".") + ".", error.advice) if part)
                continue
            finally:
                self.chat_screen.tell("")
            break
        connected = connector.switch(server, notice)
        for player in self.chat.players:
            if player.session is not None:
                tools = player.session.options.tools
                player.session.options = replace(connected.options, tools=tools)
        self.chat.tell(connected.opening)
        self.notify(connected.notice, timeout=10, markup=False)
