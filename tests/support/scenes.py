"""The states that the screen can be in, each made by a script; for snapshots and for pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from support.app import WALL, Stage, shown, until_idle, until_open, until_screen
from support.desks import Desk
from support.scripted import HANG, Step, saying
from support.talks import saved_talks
from textual.pilot import Pilot
from textual.widgets import OptionList

from llmhub_tui.demo import showpieces
from llmhub_tui.domain.chunks import (
    FinishChunk,
    OpenedChunk,
    ReasoningChunk,
    TextChunk,
    ToolCallChunk,
    UsageChunk,
)
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Usage
from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.dialogs.consent import ConsentDialog
from llmhub_tui.tui.dialogs.tools import ToolsScreen
from llmhub_tui.tui.history.listed import HistoryList
from llmhub_tui.tui.history.preview import Preview
from llmhub_tui.tui.widgets.page import Page

Act = Callable[[Pilot[int]], Awaitable[None]]
BANNER = "Offline demo: no model answers here. F2 connects to a server; F1 helps."
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


async def send(pilot: Pilot[int], prompt: str) -> None:
    """Puts a prompt into the composer at once, since a key takes the pilot 50 ms, and sends it."""
    assert isinstance(pilot.app, ChatApp)
    pilot.app.chat.composer.insert(prompt)
    await pilot.press("enter")


async def asked(pilot: Pilot[int]) -> None:
    """A prompt was sent, and its turn is over."""
    await until_open(pilot)
    await send(pilot, "What is a monad?")
    await until_idle(pilot)


async def streaming(pilot: Pilot[int]) -> None:
    """A reply is on its way."""
    await until_open(pilot)
    await send(pilot, "Go on")
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
    # the bar's length is that of the help, which grows with every feature
    pilot.app.screen.query_one(Page).styles.scrollbar_size_vertical = 0
    await pilot.pause()
    await pilot.pause()


def with_history() -> Stage:
    """A few conversations are saved."""
    folder = TemporaryDirectory()
    stage = Stage([REPLY], saved=saved_talks(Path(folder.name), WALL))
    stage.folder = folder
    return stage


async def beside(pilot: Pilot[int]) -> None:
    """The list of conversations stands beside the chat, or over it."""
    await asked(pilot)
    await pilot.press("ctrl+b")
    await settled(pilot, "Sourdough")


async def found(pilot: Pilot[int]) -> None:
    """Something was looked for in all conversations."""
    await until_open(pilot)
    await pilot.press("ctrl+o")
    await settled(pilot, "Sourdough")
    await pilot.press(*"loop")
    await settled(pilot, "In messages")


async def settled(pilot: Pilot[int], words: str) -> None:
    """Waits until the list has these words, and the preview what the cursor is on."""
    app = pilot.app
    while True:
        await pilot.pause(0.02)
        rows = app.screen.query_one(HistoryList) if app.screen.query(HistoryList) else None
        if rows is not None and any(
            words in line.plain for row in rows.rows for line in row.lines("", WALL, 60)
        ):
            break
    for preview in app.screen.query(Preview):
        while preview.display and (preview.messages is None or not preview.messages.views):
            await pilot.pause(0.02)
    await pilot.pause()


async def editing(pilot: Pilot[int]) -> None:
    """A prompt is being edited where it stands."""
    await asked(pilot)
    await pilot.press("up")
    await pilot.pause()


async def searching(pilot: Pilot[int]) -> None:
    """An earlier prompt is looked for."""
    await asked(pilot)
    app = pilot.app
    assert isinstance(app, ChatApp)
    for text in ("Explain monads to a Go programmer", "Bake bread without [b]yeast[/b]"):
        app.remember(text)
    await pilot.press(*"mona", "ctrl+r")
    while not app.screen.query(OptionList) or not app.screen.query_one(OptionList).option_count:
        await pilot.pause(0.02)
    await pilot.pause()


async def consenting(pilot: Pilot[int]) -> None:
    """A tool waits for an answer."""
    await until_open(pilot)
    await send(pilot, "What time is it in Paris, and what is 6 times 7?")
    await until_screen(pilot, ConsentDialog)
    await pilot.press("end")
    await pilot.pause()
    await pilot.pause()


async def answered(pilot: Pilot[int]) -> None:
    """Both calls were allowed, and the reply is there."""
    await consenting(pilot)
    for _ in range(2):
        await until_screen(pilot, ConsentDialog)
        await pilot.press("end")
        await pilot.pause()
        await pilot.press("right", "enter")
    await until_idle(pilot)


async def choosing_tools(pilot: Pilot[int]) -> None:
    """Ctrl+T."""
    await until_open(pilot)
    await pilot.press("ctrl+t")
    await until_screen(pilot, ToolsScreen)
    await pilot.pause()
    await pilot.pause()


CALLS: list[Step] = [
    OpenedChunk(),
    TextChunk("I will look that up and work it out."),
    ToolCallChunk(0, "call_1", "current_time", '{"zone": "Europe/Paris", "at": "2026-09-21T12:13+00:00"}'),
    ToolCallChunk(1, "call_2", "calculator", '{"expression": "6 * 7"}'),
    FinishChunk("tool_calls"),
]
FINAL = saying("In Paris it is **14:13**, and 6 times 7 is **42**.")
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
    "consent": Scene(lambda: Stage([CALLS, FINAL], desk=Desk()), consenting),
    "tools": Scene(lambda: Stage([CALLS, FINAL], desk=Desk()), answered),
    "toolbox": Scene(lambda: Stage(desk=Desk()), choosing_tools),
    "help": Scene(lambda: Stage(), helped),
    "editing": Scene(lambda: Stage([REPLY]), editing),
    "prompts": Scene(lambda: Stage([REPLY]), searching),
    "panel": Scene(with_history, beside),
    "history": Scene(with_history, found),
}
