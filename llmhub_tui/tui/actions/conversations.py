"""Whole conversations: save one, begin one, go to one, fork one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.tui.actions.writing import WritingActions
from llmhub_tui.tui.desk import Unsent

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session
    from llmhub_tui.tui.widgets.reading import ReadingPane


class ConversationActions(WritingActions):
    """What is done with a conversation as a whole."""

    _never_begun: Session | None = None
    """The last session in which nothing was said; what is written in it waits there."""

    def action_save(self) -> None:
        """Saves the transcript to a file."""
        from llmhub_tui.tui.saving import save_transcript  # input fields: 20 ms

        session = self.chat.session
        if self.workspace is None or session is None or not len(session.conversation):
            self.notify("There is nothing to save yet.", markup=False)
            return
        self.run_worker(save_transcript(self, self.workspace.exporter, session.conversation), group="save")

    def action_new_chat(self) -> None:
        """Begins a new conversation; the old one is saved already, and a reply in it goes on."""
        if self.workspace is None or self.chat.session is None:
            return
        if not len(self.chat.session.conversation):
            self.chat.composer.focus()
            return
        self.begin_new()
        self.chat.composer.focus()

    def begin_new(self) -> None:
        """Goes to a conversation in which nothing was said yet, with what is written there."""
        if self.workspace is None:
            return
        waiting = self._never_begun
        if waiting is None or waiting is self.chat.session or len(waiting.conversation):
            waiting = self.workspace.new_session()
        self.show_session(waiting, Unsent())

    def show_session(self, session: Session, unsent: Unsent) -> None:
        """Goes to a session; what is being written in the one before stays there.

        Args:
            session: to show; it may be one whose reply is running.
            unsent: what was left written in it, unless it was open before.
        """
        if self.chat.session is not None:
            self.desk.write(self.chat.composer.text)
            self.save_draft()
        if not len(session.conversation):
            self._never_begun = session
        pushed = self.desk.open(session.conversation.id, unsent)
        self.chat.open(session)
        self.remember(pushed)
        self.show_writing()
        self.save_draft()

    async def on_reading_pane_fork_wanted(self, event: ReadingPane.ForkWanted) -> None:
        """Forks the conversation."""
        await self.fork(event.key)

    async def fork(self, message_id: str) -> None:
        """Begins a new conversation that shares what leads to a message.

        After a reply it goes on; from a prompt, that prompt waits in the composer to be changed.
        """
        workspace, session = self.workspace, self.chat.session
        if workspace is None or session is None:
            return
        conversation = session.conversation
        message = conversation[message_id]
        if message.id == self.chat.player.live_id:
            self.notify("This reply is still running. Escape stops it.", markup=False)
            return
        last = message.parent if message.is_prompt else message.id
        forked = workspace.new_session()
        if last is not None:
            head = forked.conversation
            other = conversation.fork(last, id=head.id, created_at=head.created_at)
            other.title = f"{conversation.title} (fork)"
            forked = workspace.open_session(other)
            try:
                await asyncio.to_thread(workspace.library.keep, other)
            except StorageError as error:
                self.chat_screen.tell(f"Not saved: {error}. The fork is kept in memory.", warning=True)
        self.chat.composer.focus()
        self.show_session(forked, Unsent(message.text if message.is_prompt else ""))
        self.notify("Forked: this is a new conversation; the other one stays as it is.", markup=False)
