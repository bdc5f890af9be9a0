"""The app over a script, without network, disk, clock or chance."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.desks import Desk
from support.memory import MemoryLibrary
from support.scripted import ScriptedClient, Step
from textual.pilot import Pilot
from textual.screen import Screen

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.wire_log import WireLog
from llmhub_tui.export.files import FileExporter
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.ports import NobodyToAsk, NoToolbox
from llmhub_tui.session.session import Session
from llmhub_tui.store.library import Library
from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.desk import Unsent
from llmhub_tui.tui.opening import Opening
from llmhub_tui.tui.workspace import Workspace

WALL = 1_790_000_000.0
"""Seconds since the Unix epoch: 2026-09-21, 14:13 in Greenwich."""


class FrozenClock:
    """A clock that stands still; waiting takes one turn of the loop, or for ever where it is a countdown."""

    def now(self) -> float:
        """Always the same."""
        return 100.0

    def wall(self) -> float:
        """Always the same."""
        return WALL

    async def sleep(self, seconds: float) -> None:
        """Waits until somebody cancels it."""
        await asyncio.Event().wait()


@dataclass
class Stage:
    """An app and what is behind it."""

    scripts: Sequence[Sequence[Step]] = ()
    conversation: Conversation = field(default_factory=lambda: Conversation("c", created_at=WALL))
    banner: str = ""
    theme: str = "textual-dark"
    full: bool = False
    library: MemoryLibrary = field(default_factory=MemoryLibrary)
    held: threading.Event | None = None
    """What the opening of the workspace waits for."""
    unsent: Unsent | None = None
    title_by_model: bool = False
    ids: str = "m"
    """What message ids begin with."""
    saved: Library | None = None
    """A real library instead of one in memory."""
    folder: TemporaryDirectory[str] | None = None
    """Where that library is, if it goes away together with the stage."""
    desk: Desk | None = None
    """Tools; some of its toolbox are on."""
    make_app: type[ChatApp] = ChatApp

    def __post_init__(self) -> None:
        self.client = ScriptedClient(self.scripts)
        self.library.full = self.full
        self.wire = WireLog()
        self._ids = count(1)
        opening = Opening("demo-model", "demo", self.banner, self.theme, now=lambda: 100.0, wall=lambda: WALL)
        self.app = self.make_app(self._workspace, opening)
        self.app.animation_level = "none"

    def _session(self, conversation: Conversation) -> Session:
        desk = self.desk
        ports = Ports(
            self.client,
            self.saved or self.library,
            FrozenClock(),
            jitter=lambda: 0.5,
            new_id=lambda: f"{self.ids}{next(self._ids)}",
            toolbox=desk.toolbox if desk is not None else NoToolbox(),
            gate=desk.gate(desk.asker.of(conversation)) if desk is not None else NobodyToAsk(),
        )
        options = TurnOptions(model="demo-model", tools=("c*",) if desk is not None else ())
        return Session(conversation, ports=ports, options=options)

    def _workspace(self) -> Workspace:
        if self.held is not None:
            self.held.wait(20)
        return Workspace(
            session=self._session(self.conversation),
            new_session=lambda: self._session(Conversation(f"c{next(self._ids)}", created_at=WALL)),
            open_session=self._session,
            library=self.saved or self.library,
            exporter=FileExporter(),
            warm=lambda: None,
            unsent=self.unsent,
            title_by_model=self.title_by_model,
            models=self.client.models,
            wire=self.wire,
            tools=self.desk,
        )


async def until_open(pilot: Pilot[int]) -> None:
    """Waits until the session is there."""
    app = pilot.app
    assert isinstance(app, ChatApp)
    for _ in range(500):
        await pilot.pause(0.01)
        if app.chat.opened:
            return
    raise AssertionError("the workspace never opened")


async def until_idle(pilot: Pilot[int]) -> None:
    """Waits until no turn is running and everything is painted."""
    app = pilot.app
    assert isinstance(app, ChatApp)
    for _ in range(500):
        await pilot.pause(0.01)
        if not app.chat.running:
            await pilot.pause()
            return
    raise AssertionError("the turn never ended")


async def ask_and_read(pilot: Pilot[int]) -> None:
    """Asks for the first reply, and gives the keys to the pane once it is there."""
    app = pilot.app
    assert isinstance(app, ChatApp)
    await until_open(pilot)
    await pilot.press("x", "enter")
    await until_idle(pilot)
    app.chat.transcript.focus()


async def until_screen(pilot: Pilot[int], kind: type[Screen[Any]]) -> None:
    """Waits until a dialog lies over the chat."""
    for _ in range(500):
        await pilot.pause(0.01)
        if isinstance(pilot.app.screen, kind):
            return
    raise AssertionError(f"{kind.__name__} never came")


def shown(app: ChatApp) -> str:
    """The conversation pane as text."""
    transcript = app.chat.transcript
    layout = transcript.messages
    if layout is None:
        return ""
    lines = [layout.line(at) for at in range(layout.total)]
    return "\n".join(line.strip.text if line is not None else "" for line in lines)


def saved_in(folder: Path) -> list[str]:
    """The files in a folder."""
    return sorted(path.name for path in folder.iterdir())
