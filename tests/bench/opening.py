"""What a long conversation costs to open, and to keep in memory."""

from __future__ import annotations

import asyncio
import time
import tracemalloc

from textual.app import App, ComposeResult

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.transcript import Transcript

FEW, MANY = 5, 5_000
"""Messages of a short and of a long conversation, of 200 words each."""


class Pane(App[None]):
    """Nothing but a transcript."""

    CSS = "Transcript { height: 1fr; overflow-x: hidden; overflow-y: scroll; }"

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Transcript()


def entries(count: int) -> list[Entry]:
    """Prompts and replies in turn."""
    text = "Some *words* about `code` and more. " * 33
    return [
        Entry(Message(f"m{at}", None, role, f"{at} {text}", ending=Ending.COMPLETE))
        for at, role in enumerate([Role.USER, Role.ASSISTANT] * (count // 2 + 1))
    ][:count]


async def opening_s(count: int) -> float:
    """Seconds from the messages to the painted screen."""
    found = entries(count)
    app = Pane()
    async with app.run_test(size=(120, 40)) as pilot:
        pane = app.query_one(Transcript)
        pane.show(entries(2))
        await pilot.pause()
        began = time.perf_counter()
        pane.show(found)
        pane.render_lines(pane.size.region)
        return time.perf_counter() - began


async def memory_mb() -> float:
    """Megabytes that the long conversation takes once it has been scrolled through from end to end."""
    found = entries(MANY)
    app = Pane()
    async with app.run_test(size=(120, 40)) as pilot:
        pane = app.query_one(Transcript)
        pane.show(entries(2))
        await pilot.pause()
        tracemalloc.start()
        pane.show(found)
        pane.show_all()
        layout = pane.messages
        for view in layout.views if layout is not None else []:
            view.make()
        taken = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return taken / 1e6


def opening() -> tuple[float, float, float]:
    """Seconds to open a short and a long conversation, best of three, and the long one's megabytes."""
    few = min(asyncio.run(opening_s(FEW)) for _ in range(3))
    many = min(asyncio.run(opening_s(MANY)) for _ in range(3))
    return few, many, asyncio.run(memory_mb())
