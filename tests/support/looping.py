"""Sessions whose replies ask for tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from support.scripted import Step
from support.sessions import Rig, play
from support.toolbox import TOOLS, FakeGate, FakeToolbox
from support.virtual_time import run

from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, TextChunk, ToolCallChunk
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.events import (
    Event,
)
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.session.options import TurnOptions

OPTIONS = TurnOptions(model="m", tools=TOOLS)


def calling(*calls: tuple[str, str], reason: str = "tool_calls", arguments: str = "{}") -> list[Step]:
    """A script of a reply that asks for tools, each given by its id and its name."""
    chunks = [ToolCallChunk(at, id, name, arguments) for at, (id, name) in enumerate(calls)]
    return [OpenedChunk(), TextChunk("Let me look."), *chunks, FinishChunk(reason)]


def rig_of(*scripts: Sequence[Step], answers: Sequence[Answer] = (Answer.ONCE,), rounds: int = 20) -> Rig:
    """A session with tools, and with a user who answers."""
    options = replace(OPTIONS, rounds=rounds)
    return Rig(*scripts, options=options, toolbox=FakeToolbox(), gate=FakeGate(answers))


def sent(rig: Rig) -> list[Event]:
    """One prompt, played to its end in virtual time."""

    async def main() -> list[Event]:
        return await play(await rig.session.send("hi"))

    return run(main)


def results(rig: Rig) -> list[Message]:
    """The tool messages of the path."""
    return [message for message in rig.conversation.path() if message.role is Role.TOOL]
