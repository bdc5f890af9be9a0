"""Leaving, and what must not be lost by it: running replies, and what the disk did not take."""

from __future__ import annotations

from typing import Final

from llmhub_tui.tui.actions.history import HistoryActions

_WATCH_S: Final = 1.0
"""How often it is asked whether the disk takes everything; asking costs nothing."""


class LeavingActions(HistoryActions):
    """What is done before the program ends, and what is said while it should not."""

    _trouble: str = ""
    """What the banner says is not saved, and why."""

    def watch_saving(self) -> None:
        """Keeps the banner true: it stands while something is not saved, and goes when everything is."""
        self.set_interval(_WATCH_S, self._compare)

    def _compare(self) -> None:
        trouble = (self.workspace.library.trouble if self.workspace is not None else None) or ""
        if trouble == self._trouble:
            return
        if trouble:
            self.chat_screen.tell_unsaved(trouble)
        else:
            self.chat_screen.tell("")
            self.chat.players.all_saved()
            self.notify("Everything is saved again.", markup=False)
        self._trouble = trouble

    async def action_quit(self) -> None:
        """Leaves; a running reply is only stopped, and something unsaved only lost, when the user says so."""
        self.run_worker(self._leave(), group="quit", exclusive=True)

    async def _leave(self) -> None:
        if (self.chat.opened or self.chat.running) and (running := self.chat.players.running()):
            replies = (
                "A reply is running. Stop it" if running == 1 else f"{running} replies are running. Stop them"
            )
            question = f"{replies} and quit? What has arrived is saved."
            if not await self.confirm(question, yes="Stop and quit"):
                return
            await self.chat.players.stop_all()
        self.save_draft()
        trouble = self.workspace.library.trouble if self.workspace is not None else None
        if trouble and not await self._parted(trouble):
            return
        self.exit(0)

    async def _parted(self, trouble: str) -> bool:
        """Asks what becomes of what is not saved; says whether to leave."""
        from llmhub_tui.tui.dialogs.unsaved import Parting, UnsavedDialog  # input fields: 20 ms
        from llmhub_tui.tui.saving import save_transcript, with_draft

        parting = await self.push_screen_wait(UnsavedDialog(trouble))
        if parting is not Parting.ELSEWHERE or self.workspace is None:
            return parting is Parting.LOSE
        for player in self.chat.players:
            if player.session is None:
                continue
            text = self.desk.text(player.session.conversation.id)
            copy = with_draft(player.session.conversation, text)
            if len(copy) and not await save_transcript(self, self.workspace.exporter, copy):
                return False
        return True
