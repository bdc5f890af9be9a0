"""Sessions over scripts, and turns played to their end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from support.scripted import MemoryRecorder, ScriptedClient, Step

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.events import Event, TextArrived, TurnFailed, TurnFinished, TurnStopped
from llmhub_tui.domain.messages import Message
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.ports import ConsentGate, NobodyToAsk, NoToolbox, Toolbox
from llmhub_tui.session.session import Session
from llmhub_tui.session.turn import Turn


class Rig:
    """A session with everything around it in reach."""

    def __init__(
        self,
        *scripts: Sequence[Step],
        options: TurnOptions | None = None,
        full: bool = False,
        toolbox: Toolbox | None = None,
        gate: ConsentGate | None = None,
    ) -> None:
        self.client = ScriptedClient(scripts)
        self.recorder = MemoryRecorder(full=full)
        self.conversation = Conversation("c")
        ids = count(1)
        self.session = Session(
            self.conversation,
            ports=Ports(
                self.client,
                self.recorder,
                LoopClock(),
                jitter=lambda: 0.5,
                new_id=lambda: f"m{next(ids)}",
                toolbox=toolbox or NoToolbox(),
                gate=gate or NobodyToAsk(),
            ),
            options=options or TurnOptions(model="m"),
        )


async def play(turn: Turn) -> list[Event]:
    """All events of a turn."""
    async with turn:
        return [event async for event in turn]


def joined(events: Sequence[Event]) -> str:
    """The text that arrived."""
    return "".join(event.text for event in events if isinstance(event, TextArrived))


def ended(events: Sequence[Event]) -> Message:
    """The reply of the one terminal event, which is the last."""
    terminal = [event for event in events if isinstance(event, TurnFinished | TurnStopped | TurnFailed)]
    assert len(terminal) == 1
    assert terminal[0] is events[-1]
    return terminal[0].reply
