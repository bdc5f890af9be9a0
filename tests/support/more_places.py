"""The places that are screens and dialogs of their own; see `places`."""

from __future__ import annotations

from support.memory import EmptyListing, MemoryLibrary
from textual.pilot import Pilot
from textual.screen import Screen

from llmhub_tui.domain.messages import Attachment
from llmhub_tui.domain.wire import Answered, Asked, Came, Ended, How
from llmhub_tui.domain.wire_log import WireLog
from llmhub_tui.store.listing import Summary
from llmhub_tui.tui.dialogs.attach import AttachDialog
from llmhub_tui.tui.dialogs.connect import ConnectDialog
from llmhub_tui.tui.dialogs.links import LinksDialog
from llmhub_tui.tui.dialogs.models import ModelDialog
from llmhub_tui.tui.history.panel import HistoryPanel
from llmhub_tui.tui.widgets.attachments import AttachmentBar
from llmhub_tui.tui.wire.screen import WireScreen


async def _screen(pilot: Pilot[int], screen: Screen[object]) -> None:
    pilot.app.push_screen(screen)
    await pilot.pause()
    await pilot.pause(0.02)
    await pilot.press("escape")
    await pilot.pause()


async def links_dialog(pilot: Pilot[int], text: str) -> None:
    await _screen(pilot, LinksDialog([text, f"https://e.example/{text}"]))  # type: ignore[arg-type]  # any screen


async def connect_dialog(pilot: Pilot[int], text: str) -> None:
    await _screen(pilot, ConnectDialog(text, text))  # type: ignore[arg-type]  # any screen


async def attach_dialog(pilot: Pilot[int], text: str) -> None:
    await _screen(pilot, AttachDialog(text, text))  # type: ignore[arg-type]  # any screen


async def models_dialog(pilot: Pilot[int], text: str) -> None:
    async def names() -> list[str]:
        return [text, f"x{text}"]

    await _screen(pilot, ModelDialog(text, names))  # type: ignore[arg-type]  # any screen


async def wire_view(pilot: Pilot[int], text: str) -> None:
    log = WireLog()
    data = text.encode("utf-8", "replace")
    log.take(Asked(1, 0.0, "POST", f"http://127.0.0.1/{text}", ((text, text),), f'{{"a": "{text}"}}'))
    log.take(Answered(1, 0.1, 200, (("content-type", "text/event-stream"), (text, text))))
    log.take(Came(1, 0.2, b"data: " + data + b"\n\n"))
    log.take(Ended(1, 0.3, How.FAILED, text, text))
    await _screen(pilot, WireScreen(log))  # type: ignore[arg-type]  # any screen


async def attachment(pilot: Pilot[int], text: str) -> None:
    bar = pilot.app.screen.query_one(AttachmentBar)
    await bar.add(Attachment(text, text, b"x"))
    await pilot.pause()
    bar.take()


async def history_list(pilot: Pilot[int], text: str) -> None:
    class Titled(EmptyListing):
        """One conversation, whose every word is a stranger's."""

        def summaries(
            self, limit: int = -1, offset: int = 0, *, words: str = "", archived: bool = False
        ) -> list[Summary]:
            """It."""
            return [Summary("c9", text, 0.0, 0.0, 2, model=text, tags=(text,))]

    library = MemoryLibrary(listing=Titled())
    panel = HistoryPanel(library, lambda: 1_790_000_000.0, everywhere=False, show="")
    await pilot.app.screen.mount(panel, before=0)
    for _ in range(20):
        await pilot.pause(0.01)
    await panel.remove()
