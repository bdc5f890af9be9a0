"""Escape ends a reply in every phase; what had arrived is kept, and the server sees the connection close."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from escape.server import PHASES, PhaseServer
from support.app import Stage, shown, until_idle, until_open
from support.scripted import MemoryRecorder
from support.wire import black_hole

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session
from llmhub_tui.tui.progress import Phase

SHOWN_AS = {
    "connecting": Phase.CONNECTING,
    "waiting": Phase.WAITING,
    "streaming": Phase.STREAMING,
    "countdown": Phase.PAUSED,
    "resuming": Phase.WAITING,
}
KEPT = {"streaming": "word", "resuming": "kept so far"}


@contextmanager
def somewhere(phase: str) -> Iterator[tuple[str, PhaseServer | None]]:
    """A server that keeps a reply in a phase."""
    if phase == "connecting":
        with black_hole() as url:
            yield url, None
    else:
        with PhaseServer(phase) as server:
            yield server.url, server


@pytest.mark.parametrize("phase", ["connecting", *PHASES])
async def test_escape_ends_a_reply_in_every_phase(phase: str) -> None:
    ids = map(str, count(1))
    stage = Stage()
    with somewhere(phase) as (url, server):
        client = ChatClient(Endpoint(url))
        ports = Ports(client, MemoryRecorder(), LoopClock(), jitter=lambda: 0.5, new_id=lambda: next(ids))
        session = Session(Conversation("c"), ports=ports, options=TurnOptions(model="m"))
        async with stage.app.run_test() as pilot:
            await until_open(pilot)
            stage.app.chat.open(session)
            await pilot.press("g", "o", "enter")
            if server is not None:
                await asyncio.to_thread(server.wait)
            for _ in range(1000):
                await pilot.pause(0.01)
                if stage.app.chat.player.progress.phase is SHOWN_AS[phase]:
                    break
            await pilot.press("escape")
            await until_idle(pilot)
            screen = shown(stage.app)
        await client.aclose()
        if server is not None and phase != "countdown":
            assert await asyncio.to_thread(server.closed_after, 0.0)
    [reply] = [message for message in session.conversation.messages if message.ending]
    assert reply.ending is Ending.STOPPED
    assert "■ stopped" in screen
    assert reply.text.startswith(KEPT.get(phase, ""))
    assert bool(reply.text) is (phase in KEPT)
