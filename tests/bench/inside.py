"""What replies cost the conversation pane, measured in this process: by length, by kind, at its worst."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence

from bench.server import tokens_of
from bench.texts import HOSTILE, STYLES
from textual.app import App, ComposeResult
from textual.geometry import Region

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.transcript import Transcript

SHORT, LONG = 1_000, 64_000
"""Tokens of a short and of a long reply."""
FEW, MANY = 5, 5_000
"""Messages of a short and of a long conversation, of 200 words each."""
PER_FRAME = 4
"""Tokens between two paints, at 100 a second."""
SIZE = (120, 40)


class Pane(App[None]):
    """Nothing but a transcript."""

    CSS = "Transcript { height: 1fr; overflow-x: hidden; overflow-y: scroll; }"

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Transcript()


def reply(text: str, key: str = "r", *, live: bool = False) -> Entry:
    """A reply."""
    message = Message(key, None, Role.ASSISTANT, text, ending=None if live else Ending.COMPLETE)
    return Entry(message, live=live)


async def streaming_cpu(text: str) -> float:
    """CPU seconds for each thousand tokens of a reply; of every frame what changed is made and painted."""
    tokens = tokens_of(text)
    app = Pane()
    async with app.run_test(size=SIZE) as pilot:
        pane = app.query_one(Transcript)
        pane.show([reply("", live=True)])
        await pilot.pause()
        view, began = pane.find_entry("r"), time.process_time()
        assert view is not None
        for at in range(0, len(tokens), PER_FRAME):
            view.pacer.put("".join(tokens[at : at + PER_FRAME]), 0.0)
            changed = view.flush(1.0)
            pane.relaid(changed)
            start = min(SIZE[1] - 1, max(0, changed - pane.scroll_offset.y))  # the terminal moves the rest
            pane.render_lines(Region(0, start, SIZE[0], SIZE[1] - start))
        pane.update(reply(text))
        used = time.process_time() - began
    return used / len(tokens) * 1000


def growth() -> dict[str, tuple[float, float]]:
    """For each style: CPU per thousand tokens in a short and in a long reply."""
    found = {}
    for name, text in STYLES.items():
        short = sorted(asyncio.run(streaming_cpu(text(SHORT))) for _ in range(5))[2]
        found[name] = short, asyncio.run(streaming_cpu(text(LONG)))
    return found


async def longest_step(act: Callable[[Transcript], None], done: Callable[[Transcript], bool]) -> float:
    """Seconds of CPU that the loop was busy for at most, between two of its turns."""
    app = Pane()
    async with app.run_test(size=SIZE) as pilot:
        pane = app.query_one(Transcript)
        pane.show([reply("a *word* and `code`")])
        await pilot.pause()
        gc.collect()
        longest, deadline = 0.0, time.monotonic() + 60
        before = time.thread_time()
        act(pane)
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            longest, before = max(longest, now - before), now
            await asyncio.sleep(0.001)
            before = max(before, time.thread_time() - 1e-4) if done(pane) else before
            if done(pane) or time.monotonic() > deadline:
                return longest


def _open(text: str) -> Callable[[Transcript], None]:
    return lambda pane: pane.show([reply(text, "h")])


def _stream(text: str) -> Callable[[Transcript], None]:
    def act(pane: Transcript) -> None:
        pane.show([reply("", "h", live=True)])
        pane.write("h", text)
        pane.update(reply(text, "h"))

    return act


def _prompt(text: str) -> Callable[[Transcript], None]:
    return lambda pane: pane.show([Entry(Message("h", None, Role.USER, text))])


def _done(pane: Transcript) -> bool:
    view = pane.find_entry("h")
    return view is not None and view.made and not view.unfinished


def busy() -> dict[str, float]:
    """For each hostile text the longest time that the loop is busy, be it streamed, opened, or a prompt.

    The better of two runs counts, since the machine has other things to do as well.
    """
    found = {}
    for name, text in HOSTILE.items():
        acts = [act(text) for act in (_open, _stream, _prompt)]
        found[name] = max(min(asyncio.run(longest_step(act, _done)) for _ in range(2)) for act in acts)
    return found


def entries(count: int) -> Sequence[Entry]:
    """Prompts and replies in turn, of 200 words each."""
    text = "Some *words* about `code` and more. " * 33
    return [
        Entry(Message(f"m{at}", None, role, f"{at} {text}", ending=Ending.COMPLETE))
        for at, role in enumerate([Role.USER, Role.ASSISTANT] * (count // 2 + 1))
    ][:count]


async def opening_s(count: int) -> float:
    """Seconds from the messages to the painted screen."""
    found = entries(count)
    app = Pane()
    async with app.run_test(size=SIZE) as pilot:
        pane = app.query_one(Transcript)
        pane.show(entries(2))
        await pilot.pause()
        gc.collect()
        began = time.perf_counter()
        pane.show(found)
        pane.render_lines(pane.size.region)
        return time.perf_counter() - began


def opening() -> tuple[float, float]:
    """Seconds to open a short and a long conversation; best of five."""
    few = min(asyncio.run(opening_s(FEW)) for _ in range(5))
    return few, min(asyncio.run(opening_s(MANY)) for _ in range(5))


async def memory_mb() -> float:
    """Megabytes that the long conversation takes once it was scrolled through from end to end."""
    tracemalloc.start()
    app = Pane()
    async with app.run_test(size=SIZE) as pilot:
        pane = app.query_one(Transcript)
        pane.show(entries(2))
        await pilot.pause()
        before = tracemalloc.get_traced_memory()[0]
        pane.show(entries(MANY))
        pane.show_all()
        for line in range(0, pane.virtual_size.height, 400):
            pane.go_to(line)
            pane.render_lines(pane.size.region)
        taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return taken / 1e6
