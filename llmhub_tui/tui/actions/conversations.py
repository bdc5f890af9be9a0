"""Whole conversations: save one, begin one."""

from __future__ import annotations

from dataclasses import replace

from llmhub_tui.tui.actions.host import Host
from llmhub_tui.tui.saving import save_transcript


class ConversationActions(Host):
    """What is done with a conversation as a whole."""

    def action_save(self) -> None:
        """Saves the transcript to a file."""
        if self.workspace is None or not len(self.workspace.session.conversation):
            self.notify("There is nothing to save yet.", markup=False)
            return
        conversation = self.workspace.session.conversation
        self.run_worker(save_transcript(self, self.workspace.exporter, conversation), group="save")

    def action_new_chat(self) -> None:
        """Begins a new conversation; the old one is saved already, and a reply in it goes on."""
        if self.workspace is not None:
            session = self.workspace.new_session()
            self.workspace = replace(self.workspace, session=session)
            self.chat.open(session)
            self.chat.composer.focus()
