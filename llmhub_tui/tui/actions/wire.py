"""The server: what passes between us, and which of its models answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.actions.host import Host

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session
    from llmhub_tui.tui.player import MakeTurn


class WireActions(Host):
    """What is asked of the server beside replies."""

    def action_wire(self) -> None:
        """Shows what passes over the wire."""
        from llmhub_tui.tui.wire.screen import WireScreen  # not needed for the first frame: 10 ms

        if self.workspace is not None and not isinstance(self.screen, WireScreen):
            self.push_screen(WireScreen(self.workspace.wire))

    def action_choose_model(self) -> None:
        """Lets the user choose a model; it answers from the next prompt on."""
        from llmhub_tui.tui.dialogs.models import ModelDialog  # not needed for the first frame: 10 ms

        workspace, session = self.workspace, self.chat.session
        if workspace is None or session is None or isinstance(self.screen, ModelDialog):
            return

        def chosen(name: str | None) -> None:
            if name:
                self._use_model(session, name)

        self.push_screen(ModelDialog(session.options.model, workspace.models), chosen)

    async def perform(self, script: Iterable[MakeTurn]) -> None:
        """Plays turns one behind the other, until the user stops one."""
        for make in script:
            if self.chat.running:
                return
            self.chat.start(make)
            await self.chat.player.stopped()
            reply = self.chat.last_reply()
            if reply is None or reply.ending is Ending.STOPPED:
                return

    def _use_model(self, session: Session, name: str) -> None:
        """Has a model answer in this conversation and in new ones."""
        if self.workspace is None:
            return
        new, known = self.workspace.new_session, self.workspace.open_session

        def with_model(session: Session) -> Session:
            session.options = replace(session.options, model=name)
            return session

        with_model(session)
        self.workspace = replace(
            self.workspace,
            new_session=lambda: with_model(new()),
            open_session=lambda conversation: with_model(known(conversation)),
        )
        self.chat.status.model = name
        self.notify(f"From now on {plain_line(name, 80)} answers", markup=False)
