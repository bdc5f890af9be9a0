"""The states that the screen can be in, each made by a script; for snapshots and for pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from support.app import Stage, shown, until_idle, until_open
from support.scripted import HANG, Step, saying
from textual.pilot import Pilot

from llmhub_tui.demo import showpieces
from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, ReasoningChunk, TextChunk, UsageChunk
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Usage
from llmhub_tui.tui.app import ChatApp

Act = Callable[[Pilot[int]], Awaitable[None]]
BANNER = "Offline demo: no model answers here. To connect, set LLMHUB_API_KEY; F1 helps."
PROSE = "A monad is a way to chain steps that each carry a little *context* with them: "
REPLY: list[Step] = [
    OpenedChunk(),
    ReasoningChunk("The reader wants a short answer with an example."),
    TextChunk(
        PROSE + "perhaps a value is missing, perhaps there are many.\n\n"
        "```python\ndef half(n: int) -> int | None:\n"
        '    """Halves even numbers only."""\n    return n // 2 if n % 2 == 0 else None\n```\n\n'
        "| Monad | Context |\n|---|:---:|\n"
        "| `Maybe` | it may be missing |\n| `List` | there may be many |\n\n"
        "> [!TIP]\n> Press **Ctrl+R** for another attempt.\n"
    ),
    UsageChunk(Usage(12, 96, 108)),
    FinishChunk("stop"),
]


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the screen: what is behind it, and how one gets there."""

    stage: Callable[[], Stage]
    act: Act


async def opened(pilot: Pilot[int]) -> None:
    """Nothing has happened yet."""
    await until_open(pilot)
    await pilot.pause()


async def asked(pilot: Pilot[int]) -> None:
    """A prompt was sent, and its turn is over."""
    await until_open(pilot)
    await pilot.press(*"What is a monad?", "enter")
    await until_idle(pilot)


async def streaming(pilot: Pilot[int]) -> None:
    """A reply is on its way."""
    await until_open(pilot)
    await pilot.press(*"Go on", "enter")
    app = pilot.app
    assert isinstance(app, ChatApp)
    while "steps that each" not in shown(app):
        await pilot.pause(0.01)
    await pilot.pause()


async def stopped(pilot: Pilot[int]) -> None:
    """The user has stopped it."""
    await streaming(pilot)
    await pilot.press("escape")
    await until_idle(pilot)


async def retried(pilot: Pilot[int]) -> None:
    """There is a second attempt."""
    await asked(pilot)
    await pilot.press("ctrl+r")
    await until_idle(pilot)


async def helped(pilot: Pilot[int]) -> None:
    """The help lies over the chat."""
    await until_open(pilot)
    await pilot.press("f1")
    await pilot.pause()
    await pilot.pause()


LIVE: list[Step] = [OpenedChunk(), TextChunk(PROSE), HANG]
FAILING: list[Step] = [ChatError(ErrorKind.AUTH, "Incorrect API key provided.")]
SCENES = {
    "empty": Scene(lambda: Stage(), opened),
    "demo": Scene(lambda: Stage(banner=BANNER), opened),
    "streaming": Scene(lambda: Stage([LIVE]), streaming),
    "stopped": Scene(lambda: Stage([LIVE]), stopped),
    "failed": Scene(lambda: Stage([FAILING]), asked),
    "chat": Scene(lambda: Stage([REPLY]), asked),
    "retried": Scene(lambda: Stage([REPLY, saying("A monad is a burrito.")]), retried),
    "light": Scene(lambda: Stage([REPLY], theme="textual-light"), asked),
    "table": Scene(lambda: Stage([saying(showpieces.TABLE)]), asked),
    "help": Scene(lambda: Stage(), helped),
}
