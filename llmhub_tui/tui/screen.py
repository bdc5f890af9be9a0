"""The screen of the chat: what the user does in its widgets becomes turns and questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.chat import ChatView
from llmhub_tui.tui.clipboard import copy_text
from llmhub_tui.tui.commands import bindings
from llmhub_tui.tui.news import TurnEnded, TurnTroubled
from llmhub_tui.tui.opening import Opening
from llmhub_tui.tui.widgets.banner import Banner

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.find import FindBar
    from llmhub_tui.tui.widgets.findable import FindablePane
    from llmhub_tui.tui.widgets.reading import ReadingPane

_LOW: Final = 18
"""Lines below which nothing is spent on borders."""
_NARROW: Final = 100
"""Columns below which the conversations lie over the chat instead of beside it."""
_SHOWN: Final = 300
"""Characters of an address that are shown; its host is named in any case."""


class ChatScreen(Screen[None]):
    """The one screen; dialogs lie over it, and have the keys to themselves."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    def __init__(self, opening: Opening, on_choice: Callable[[], None]) -> None:
        """Takes what the first frame shows.

        Args:
            opening: known before anything is loaded.
            on_choice: called when another attempt was put on the path, so that it can be saved.
        """
        super().__init__()
        self._opening = opening
        self._on_choice = on_choice
        self._find_bar: FindBar | None = None

    def compose(self) -> ComposeResult:
        """The chat."""
        yield ChatView(self._opening)

    def on_resize(self, event: events.Resize) -> None:
        """Gives the conversation the room of borders where the terminal is low.

        Where it becomes narrow, the side panel goes, unless it has the keys: it would lie over what has them.
        """
        self.set_class(event.size.height < _LOW, "-short")
        self.set_class(event.size.width < _NARROW, "-narrow")
        for panel in self.query("HistoryPanel"):
            if self.has_class("-narrow") and not panel.has_focus_within:
                panel.remove()

    @property
    def wall(self) -> Callable[[], float]:
        """Seconds since the Unix epoch."""
        return self._opening.wall

    @property
    def chat(self) -> ChatView:
        """The chat."""
        return self.query_one(ChatView)

    def on_reading_pane_attempt_wanted(self, event: ReadingPane.AttemptWanted) -> None:
        """Shows another attempt."""
        if self.chat.step_attempt(event.key, event.step) is not None:
            self._on_choice()

    def on_reading_pane_copy_wanted(self, event: ReadingPane.CopyWanted) -> None:
        """Copies text to the clipboard."""
        self.copy(event.text, event.what)

    def on_reading_pane_link_wanted(self, event: ReadingPane.LinkWanted) -> None:
        """Shows where a link leads before it is opened; of several, one is chosen first."""
        from llmhub_tui.domain.links import read_link  # not needed for the first frame: 5 ms
        from llmhub_tui.tui.dialogs.confirm import ConfirmDialog
        from llmhub_tui.tui.dialogs.links import LinksDialog
        from llmhub_tui.tui.widgets.reading import ReadingPane

        def chosen(url: str | None) -> None:
            if url:
                self.post_message(ReadingPane.LinkWanted([url]))

        if len(event.urls) > 1:
            self.app.push_screen(LinksDialog(event.urls), chosen)
            return
        target = read_link(event.urls[0])
        if target is None:
            self.notify(f"This address is not opened: {plain_line(event.urls[0], 200)}", markup=False)
            return
        url = target.url

        def answered(yes: bool | None) -> None:
            if yes:
                self.app.open_url(url)

        shown = url if len(url) <= _SHOWN else f"{url[:_SHOWN]}… ({len(url):,} characters)"
        question = f"Open this address?\n\n{shown}\n\nIt leads to {target.host}. {target.warning}".rstrip()
        self.app.push_screen(ConfirmDialog(question, yes="Open"), answered)

    def on_turn_ended(self, event: TurnEnded) -> None:
        """Says that a reply has come to its end in a conversation that is not looked at."""
        if not event.seen:
            title = plain_line(event.session.conversation.title, 60) or "another chat"
            self.notify(f"The reply in “{title}” has ended.", markup=False)

    def on_turn_troubled(self, event: TurnTroubled) -> None:
        """Says that something is not saved, for as long as it is not."""
        self.tell_unsaved(event.reason)

    def tell_unsaved(self, reason: str) -> None:
        """Says that something is not saved, and why."""
        self.tell(f"Not saved: {reason}. It is kept in memory, and saved as soon as it can be.", warning=True)

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Shows a text in the banner."""
        self.query_one(Banner).tell(text, warning=warning)

    def copy(self, text: str, what: str) -> None:
        """Copies text, and says so."""
        copy_text(self.app, text)
        self.notify(f"Copied {plain_line(what, 60)}", markup=False)

    def action_copy_reply(self) -> None:
        """Copies the last reply's Markdown."""
        reply = self.chat.last_reply()
        if reply is None or not reply.text:
            self.notify("There is no reply to copy yet.", markup=False)
        else:
            self.copy(reply.text, "the last reply")

    async def action_find(self) -> None:
        """Looks for text in the conversation."""
        from llmhub_tui.tui.widgets.find import FindBar  # not needed for the first frame: 5 ms

        if self._find_bar is None:
            self._find_bar = FindBar()
            await self.mount(self._find_bar)
        self._find_bar.open()

    def close_find(self) -> bool:
        """Closes the find bar; says whether it was open."""
        bar = self._find_bar
        if bar is None or not bar.has_class("-open"):
            return False
        bar.action_close()
        return True

    def on_find_bar_changed(self, event: FindBar.Changed) -> None:
        """Marks what is looked for."""
        self.chat.transcript.find(event.needle)

    def on_findable_pane_found(self, event: FindablePane.Found) -> None:
        """Says where the reader is among the hits."""
        if self._find_bar is not None:
            self._find_bar.count(event.at, event.total, complete=event.complete)

    def on_find_bar_moved(self, event: FindBar.Moved) -> None:
        """Goes to another hit."""
        self.chat.transcript.find_next(event.step)

    def on_find_bar_closed(self) -> None:
        """Takes the marks away and gives the keys back to the composer."""
        self.chat.transcript.clear_find()
        self.chat.composer.focus()
