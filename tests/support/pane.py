"""Nothing but a conversation pane, and what can be seen of it."""

from __future__ import annotations

from textual.app import App, ComposeResult

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.findable import FindablePane
from llmhub_tui.tui.widgets.reading import ReadingPane
from llmhub_tui.tui.widgets.transcript import Transcript

Wanted = ReadingPane.CopyWanted | ReadingPane.LinkWanted | ReadingPane.AttemptWanted


class PaneApp(App[None]):
    """Nothing but a transcript."""

    CSS = "Transcript { height: 1fr; overflow-x: hidden; overflow-y: scroll; }"

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[Wanted] = []
        """What the pane has asked for."""
        self.found = FindablePane.Found(0, 0, True)
        """What the pane has said of its hits."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Transcript()

    @property
    def pane(self) -> Transcript:
        """The transcript."""
        return self.query_one(Transcript)

    @property
    def copied(self) -> list[str]:
        """The texts that were to be copied."""
        return [event.text for event in self.wanted if isinstance(event, ReadingPane.CopyWanted)]

    def on_reading_pane_copy_wanted(self, event: ReadingPane.CopyWanted) -> None:
        """Notes it."""
        self.wanted.append(event)

    def on_reading_pane_link_wanted(self, event: ReadingPane.LinkWanted) -> None:
        """Notes it."""
        self.wanted.append(event)

    def on_reading_pane_attempt_wanted(self, event: ReadingPane.AttemptWanted) -> None:
        """Notes it."""
        self.wanted.append(event)

    def on_findable_pane_found(self, event: FindablePane.Found) -> None:
        """Notes it."""
        self.found = event


def reply(key: str, text: str, *, live: bool = False, attempts: int = 1, reasoning: str = "") -> Entry:
    """A reply."""
    ending = None if live else Ending.COMPLETE
    message = Message(key, None, Role.ASSISTANT, text, reasoning=reasoning, ending=ending)
    return Entry(message, attempts, attempts, live=live)


def prompt(key: str, text: str) -> Entry:
    """A prompt."""
    return Entry(Message(key, None, Role.USER, text))


def prompts(count: int) -> list[Entry]:
    """Prompts of one line."""
    return [prompt(f"m{at}", f"prompt {at}") for at in range(count)]


def visible(pane: Transcript) -> list[str]:
    """What the pane paints."""
    return [strip.text.rstrip() for strip in pane.render_lines(pane.size.region)]


def whole(pane: Transcript) -> str:
    """All lines, as far as they are made."""
    layout = pane.messages
    assert layout is not None
    return "\n".join(line.text if (line := layout.line(at)) else "?" for at in range(layout.total))
