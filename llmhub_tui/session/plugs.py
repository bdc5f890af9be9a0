"""The ports of a session, bundled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from llmhub_tui.session.ports import Client, Clock, ConsentGate, NobodyToAsk, NoToolbox, Recorder, Toolbox


@dataclass(frozen=True, slots=True)
class Ports:
    """What a turn works with."""

    client: Client
    recorder: Recorder
    clock: Clock
    jitter: Callable[[], float]
    """A random number in [0, 1)."""
    new_id: Callable[[], str]
    """Makes message ids that no other message anywhere has."""
    toolbox: Toolbox = field(default_factory=NoToolbox)
    gate: ConsentGate = field(default_factory=NobodyToAsk)
