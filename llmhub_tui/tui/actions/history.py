"""The history: showing it, opening a conversation from it, and what is done with one there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.actions.conversations import ConversationActions
from llmhub_tui.tui.desk import Unsent, read_unsent
from llmhub_tui.tui.news import TurnEnded

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session
    from llmhub_tui.store.listing import Summary
    from llmhub_tui.tui.history.browser import Browser
    from llmhub_tui.tui.library import Library


class HistoryActions(ConversationActions):
    """What is done with the saved conversations."""

    _deleted: tuple[tuple[str, str], ...] = ()
    """Ids and titles of what was deleted here, the last one first."""

    async def action_history_panel(self) -> None:
        """Shows the conversations beside the chat, or hides them."""
        if self.close_panel() or (library := self._library_or_say()) is None:
            return
        from llmhub_tui.tui.history.panel import HistoryPanel  # not needed for the first frame: 10 ms

        panel = HistoryPanel(library, self.chat_screen.wall, everywhere=False, show=self._open_id())
        await self.chat_screen.mount(panel, before=0)
        panel.take_keys()

    def close_panel(self, *, focused: bool = False) -> bool:
        """Hides the side panel; says whether it was there.

        With `focused`, only if it has the keys, or lies over what has them.
        """
        panels = self.chat_screen.query("HistoryPanel")
        covers = self.chat_screen.has_class("-narrow")
        if not panels or (focused and not covers and not panels.first().has_focus_within):
            return False
        panels.remove()
        self.chat.composer.focus()
        return True

    def action_history(self) -> None:
        """Shows all conversations on a screen of their own, and searches in every message."""
        from llmhub_tui.tui.history.panel import HistoryPanel  # not needed for the first frame: 10 ms
        from llmhub_tui.tui.history.screen import HistoryScreen

        if (library := self._library_or_say()) is None or isinstance(self.screen, HistoryScreen):
            return
        panels = self.chat_screen.query(HistoryPanel)
        words = panels.first().words if panels else ""
        self.push_screen(HistoryScreen(library, self.chat_screen.wall, words, self._open_id()))

    async def on_browser_opened(self, event: Browser.Opened) -> None:
        """Opens what was chosen, and gives the keys to the chat."""
        if self.screen is not self.chat_screen:  # all conversations, on a screen of their own
            self.pop_screen()
        elif self.chat_screen.has_class("-narrow"):
            self.close_panel()
        await self.open_conversation(event.conversation_id, event.message_id, event.needle)

    async def open_conversation(self, conversation_id: str, message_id: str = "", needle: str = "") -> None:
        """Goes to a conversation, at its end or at a message; what runs elsewhere goes on."""
        workspace, chat = self.workspace, self.chat
        if workspace is None:
            return
        player = chat.players.find(conversation_id)
        session = player.session if player is not None and player.needed else None
        unsent = Unsent()
        if session is None:
            try:
                conversation, _ = await asyncio.to_thread(workspace.library.load, conversation_id)
                if not self.desk.knows(conversation_id):
                    unsent = await asyncio.to_thread(read_unsent, workspace.library.drafts, conversation_id)
            except StorageError as error:
                self.notify(f"This conversation cannot be opened: {error}", severity="error", markup=False)
                return
            session = workspace.open_session(conversation)
            if message_id in conversation:
                conversation.choose(message_id)
                workspace.library.choose(conversation)
        self.show_session(session, unsent)
        chat.composer.focus()
        chat.transcript.clear_find()
        if message_id:  # once the pane has its size, which it has not where the chat was empty
            chat.transcript.call_after_refresh(chat.transcript.reveal, message_id, needle)

    def on_turn_ended(self, event: TurnEnded) -> None:
        """Has the model make a title after the first exchange, if the profile says so."""
        session, reply = event.session, event.reply
        if self.workspace is None or not self.workspace.title_by_model or reply is None or not reply.text:
            return
        if session.has_title_of_words():
            self.run_worker(self._title(session, self.workspace.library), group="title")

    async def _title(self, session: Session, library: Library) -> None:
        title = await session.ask_for_title()
        if title and session.has_title_of_words():  # nobody has renamed it, or gone on, meanwhile
            session.conversation.title = title
            with suppress(StorageError):  # it is tried again, like everything; the banner tells why
                await asyncio.to_thread(library.listing.rename, session.conversation.id, title)

    async def on_browser_change_wanted(self, event: Browser.ChangeWanted) -> None:
        """Renames, pins, tags, archives or deletes a conversation, without holding up the screen."""
        self.run_worker(self._change(event.browser, event.how, event.summary), group="change")

    async def _change(self, browser: Browser, how: str, summary: Summary) -> None:
        library = self._library_or_say()
        if library is None:
            return
        listing = library.listing
        try:
            match how:
                case "rename":
                    await self._rename(library, summary)
                case "pin":
                    await asyncio.to_thread(listing.pin, summary.id, not summary.pinned)
                case "tag":
                    line = await self._line("Tags, with spaces between", " ".join(summary.tags))
                    if line is not None:
                        tags = [tag.strip("#,") for tag in line.split()]
                        await asyncio.to_thread(listing.tag, summary.id, tags)
                case "archive":
                    await asyncio.to_thread(listing.archive, summary.id, not summary.archived)
                    where = "back in the list" if summary.archived else "archived; F7 shows it"
                    self.notify(f"“{title_of(summary)}” is {where}", markup=False)
                case _:
                    await self._delete(library, summary)
        except StorageError as error:
            self.notify(f"Not yet saved: {error}", severity="error", markup=False)
        if browser.is_attached:
            browser.read(keep=True)

    async def _rename(self, library: Library, summary: Summary) -> None:
        title = await self._line("Another title", summary.title)
        if title:
            await asyncio.to_thread(library.listing.rename, summary.id, title)
            player = self.chat.players.find(summary.id)
            if player is not None and player.session is not None:
                player.session.conversation.title = title

    async def _line(self, question: str, text: str) -> str | None:
        from llmhub_tui.tui.dialogs.line import LineDialog  # input fields: 20 ms

        return await self.push_screen_wait(LineDialog(question, text))

    async def _delete(self, library: Library, summary: Summary) -> None:
        player = self.chat.players.find(summary.id)
        if player is not None and player.running:
            self.notify("A reply is running in it. Stop it first.", markup=False)
            return
        await asyncio.to_thread(library.listing.delete, summary.id)
        self._deleted = ((summary.id, title_of(summary)), *self._deleted)
        self.notify(
            f"Deleted “{title_of(summary)}”. Ctrl+Z in the history brings it back.", markup=False, timeout=10
        )
        if player is not None and player is self.chat.player:
            self.begin_new()

    async def on_browser_undo_wanted(self) -> None:
        """Brings back what was deleted last."""
        await self.action_undo_delete()

    async def action_undo_delete(self) -> None:
        """Brings back the conversation that was deleted last."""
        if not self._deleted or self.workspace is None:
            self.notify("Nothing was deleted here.", markup=False)
            return
        (conversation_id, title), *rest = self._deleted
        try:
            await asyncio.to_thread(self.workspace.library.listing.restore, conversation_id)
        except StorageError as error:
            self.notify(f"Not yet brought back: {error}", severity="error", markup=False)
            return
        self._deleted = tuple(rest)
        self.notify(f"“{title}” is back.", markup=False)
        from llmhub_tui.tui.history.browser import Browser  # loaded by now, if there is one

        for browser in self.screen.query(Browser):
            browser.read(keep=True, show=conversation_id)

    def _open_id(self) -> str:
        """The conversation that is looked at."""
        return self.chat.session.conversation.id if self.chat.session is not None else ""

    def _library_or_say(self) -> Library | None:
        """The saved conversations; says so while they are not open yet."""
        if self.workspace is None:
            self.notify("The conversations are still being opened.", markup=False)
            return None
        return self.workspace.library


def title_of(summary: Summary) -> str:
    """A title as a notification has room for it."""
    return plain_line(summary.title, 50) or "(no title)"
