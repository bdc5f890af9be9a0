"""The wire view and the choice of a model, as a user sees them."""

from __future__ import annotations

from support.app import Stage, shown, until_idle, until_open, until_screen
from support.scripted import HANG, saying
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from llmhub_tui.domain.chunks import OpenedChunk, TextChunk
from llmhub_tui.domain.wire import Answered, Asked, Came, Counted, Ended, How, Spoke
from llmhub_tui.domain.wire_log import WireLog
from llmhub_tui.tui.dialogs.models import ModelDialog
from llmhub_tui.tui.wire.pane import WirePane
from llmhub_tui.tui.wire.plot import bars, span
from llmhub_tui.tui.wire.screen import WireScreen


def fill(log: WireLog, number: int, words: str) -> None:
    """An exchange without its end."""
    log.take(
        Asked(number, 10.0, "POST", f"http://x/v1/{words}", (("authorization", "[key removed]"),), '{"a": 1}')
    )
    log.take(Answered(number, 10.1, 200, (("server", "test"),)))
    for at in range(8):
        log.take(Came(number, 10.2 + at * 0.1, f'data: {{"{words}": {at}}}\x1b[2J\n\n'.encode()))
        log.take(Spoke(number, 10.2 + at * 0.1))


def summary(pilot: Pilot[int]) -> str:
    """The lines that stand still."""
    return "\n".join(str(part.render()) for part in pilot.app.screen.query(Static))


def details(pilot: Pilot[int]) -> str:
    """The lines that scroll."""
    return pilot.app.screen.query_one(WirePane).text()


async def test_the_wire_can_be_watched_while_a_reply_streams() -> None:
    stage = Stage([[OpenedChunk(), TextChunk("First words "), HANG]])
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await until_open(pilot)
        await pilot.press("x", "enter")
        fill(stage.wire, 1, "first")
        await pilot.press("f12")
        await until_screen(pilot, WireScreen)
        await pilot.pause()
        assert "POST http://x/v1/first" in summary(pilot)
        assert "HTTP 200 · running" in summary(pilot)
        assert "first token 200 ms" in summary(pilot)
        assert "median 100 ms, longest 100 ms" in summary(pilot)
        assert "authorization: [key removed]" in details(pilot)
        assert '0.900  data: {"first": 7}␛[2J' in details(pilot)
        stage.wire.take(Came(1, 20.0, b"data: late\n\n"))
        stage.wire.take(Counted(1, 20.0, 14))
        stage.wire.take(Ended(1, 20.0, How.WHOLE))
        await pilot.pause(0.3)
        assert "data: late" in details(pilot)
        assert "20 tokens/s" in summary(pilot)
        assert "ended after 10.0 s" in summary(pilot)
        assert stage.app.chat.running
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(stage.app.screen, WireScreen)
        assert stage.app.chat.running  # Escape has closed the view, and stopped nothing
        await pilot.press("escape")
        await until_idle(pilot)


async def test_earlier_exchanges_can_be_looked_at() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await until_open(pilot)
        await pilot.press("f12")
        await until_screen(pilot, WireScreen)
        assert "Nothing has been sent yet" in summary(pilot)
        for number, words in enumerate(("first", "second", "third"), 1):
            fill(stage.wire, number, words)
        await pilot.pause(0.3)
        assert "‹3/3› POST http://x/v1/third" in summary(pilot)
        await pilot.press("left", "left", "left")
        assert "‹1/3› POST http://x/v1/first" in summary(pilot)
        assert '"first": 0' in details(pilot)
        await pilot.press("right")
        assert "‹2/3›" in summary(pilot)


async def test_a_model_is_chosen_from_the_servers_list() -> None:
    stage = Stage([saying("hi")])
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+l")
        await until_screen(pilot, ModelDialog)
        await pilot.pause()
        assert stage.app.screen.query_one(OptionList).option_count == 1
        await pilot.press("enter")
        await pilot.pause()
        assert stage.app.chat.status.model == "scripted"
        await pilot.press("x", "enter")
        await until_idle(pilot)
        assert stage.client.requests[0].model == "scripted"
        await pilot.press("ctrl+n")
        await pilot.press("y", "enter")
        await until_idle(pilot)
        assert stage.client.requests[1].model == "scripted"
        assert "hi" in shown(stage.app)


async def test_a_model_that_is_not_listed_can_be_typed() -> None:
    stage = Stage([saying("hi")])
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await until_open(pilot)
        await pilot.press("ctrl+l")
        await until_screen(pilot, ModelDialog)
        stage.app.screen.query_one(Input).value = "another"
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert stage.app.chat.status.model == "another"


def test_gaps_become_bars_of_which_one_stall_flattens_no_other() -> None:
    assert bars([], 10) == ""
    assert bars([0.001, 0.01, 0.1, 1.0, 10.0], 10) == "▁▃▅▆█"
    assert len(bars([0.01] * 1000, 40)) == 40
    assert "█" in bars([0.01] * 500 + [60.0] + [0.01] * 500, 40)
    assert [span(one) for one in (0.0012, 0.25, 2.0)] == ["1.2 ms", "250 ms", "2.0 s"]
