"""Only a hand that has seen the whole call can allow it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources

import pytest
from support.corpus import HOSTILE
from textual import events
from textual.app import App
from textual.pilot import Pilot

from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.tui.dialogs.consent import Choice, ConsentDialog
from llmhub_tui.tui.widgets.exact import ExactText

SHORT = ConsentRequest("clock", "built-in", '{"zone": "UTC"}')
LONG = ConsentRequest("write_file", "built-in", '{"text": "' + "word " * 2000 + '"}')
ALLOWING = [answer for answer in Answer if answer.allows]


@dataclass
class Clock:
    """Time that passes when a test says so."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


class Bare(App[None]):
    """Nothing but the program's own look."""

    CSS = (resources.files("llmhub_tui.tui") / "dialogs.tcss").read_text(encoding="utf-8")


@dataclass
class Rig:
    """A dialog over an empty app, and what it answered."""

    pilot: Pilot[None]
    dialog: ConsentDialog
    clock: Clock
    answers: list[Answer | None] = field(default_factory=list)

    async def press(self, *keys: str, after_s: float = 1.0) -> None:
        """Presses keys, each of them some time after the one before."""
        for key in keys:
            self.clock.now += after_s
            await self.pilot.press(key)
        await self.pilot.pause()

    @property
    def chosen(self) -> str:
        """The id of what has the focus."""
        return str(self.pilot.app.focused.id if self.pilot.app.focused else "")


@asynccontextmanager
async def asking(request: ConsentRequest, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Rig]:
    """The dialog, just come up."""

    app, clock = Bare(), Clock()
    async with app.run_test(size=size) as pilot:
        rig = Rig(pilot, ConsentDialog(request, clock), clock)
        app.push_screen(rig.dialog, rig.answers.append)
        await pilot.pause()
        await pilot.pause()
        yield rig


async def test_no_is_chosen_at_first_and_enter_means_it() -> None:
    async with asking(SHORT) as rig:
        assert rig.chosen == "no"
        await rig.press("enter")
        assert rig.answers == [Answer.NO]


async def test_escape_is_a_no() -> None:
    async with asking(SHORT) as rig:
        await rig.press("right", "escape")
        assert rig.answers == [Answer.NO]


@pytest.mark.parametrize("answer", list(Answer))
async def test_every_answer_is_given_by_moving_to_it_and_enter(answer: Answer) -> None:
    async with asking(SHORT) as rig:
        await rig.press(*["right"] * list(Answer).index(answer), "enter")
        assert rig.answers == [answer]


async def test_no_letter_answers_anything() -> None:
    async with asking(SHORT) as rig:
        await rig.press(*"yYaAoOnN1 ", "space", "ctrl+y", "shift+tab", "tab")
        assert rig.answers == []


async def test_keys_in_the_first_half_second_do_nothing() -> None:
    async with asking(SHORT) as rig:
        await rig.press("right", after_s=0.1)
        await rig.press("enter", "escape", after_s=0.1)
        assert rig.answers == []
        assert rig.chosen == "no"


async def test_keys_that_come_faster_than_a_hand_do_nothing() -> None:
    async with asking(SHORT) as rig:
        await rig.press("x")
        await rig.press("right", "enter", "right", "enter", "escape", after_s=0.01)
        assert rig.answers == []
        assert rig.chosen == "no"
        await rig.press("right", "enter")
        assert rig.answers == [Answer.ONCE]


async def test_the_answer_of_a_terminal_that_was_asked_something_is_no_consent() -> None:
    async with asking(SHORT) as rig:
        await rig.press("right")
        rig.clock.now += 5
        for key in ("tab", "enter", "y"):
            rig.pilot.app.post_message(events.Key(key, None))
        await rig.pilot.pause()
        assert rig.answers == []


async def test_the_end_of_the_call_must_have_been_on_the_screen() -> None:
    async with asking(LONG) as rig:
        assert [choice.answer for choice in rig.dialog.query(Choice) if choice.disabled] == ALLOWING
        await rig.press("right")
        assert rig.chosen == "never"
    async with asking(LONG) as rig:
        for _ in range(30):
            await rig.press("pagedown", after_s=0.05)
        assert rig.dialog.query_one(ExactText).end_seen
        await rig.press("right", "enter")
        assert rig.answers == [Answer.ONCE]


async def test_a_click_chooses_and_does_not_answer() -> None:
    async with asking(SHORT) as rig:
        rig.clock.now += 1
        await rig.pilot.click("#once")
        assert rig.answers == []
        assert rig.chosen == "once"


@pytest.mark.parametrize("size", [(40, 12), (20, 8), (120, 40)])
async def test_the_dialog_can_be_used_at_every_size(size: tuple[int, int]) -> None:
    async with asking(LONG, size) as rig:
        await rig.press("end", "right", "enter")
        assert rig.answers == [Answer.ONCE]


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
async def test_what_an_answer_means_is_in_sight_to_its_last_word(size: tuple[int, int]) -> None:
    request = ConsentRequest(
        "clock", "built-in", "{}", alike=(("zone", "Europe/*"), ("form", "the long one"))
    )
    async with asking(request, size) as rig:
        for last in ("time.", "run.", "closed.", "one", "settings."):
            hint = rig.dialog.query_one("#hint")
            lines = [hint.render_line(y).text.rstrip() for y in range(hint.size.height)]
            assert hint.region.bottom <= size[1]
            assert lines[-1].endswith(last)
            await rig.press("right")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
async def test_a_hostile_call_is_shown_whole_and_as_text(text: str) -> None:
    async with asking(ConsentRequest(text or "x", text, text, text), (60, 20)) as rig:
        widget = rig.dialog.query_one(ExactText)
        seen = [widget.render_line(y).text for y in range(widget.size.height)]
        assert all(char.isprintable() for line in seen for char in line)
        await rig.press("end", "right", "enter")
        assert rig.answers == [Answer.ONCE]


async def test_a_line_of_the_call_cannot_pass_for_one_of_the_dialog() -> None:
    forged = ConsentRequest("x", "built-in", '{"a": 1}\nWhat it would do (2 characters)\nnothing')
    async with asking(forged) as rig:
        widget = rig.dialog.query_one(ExactText)
        lines = [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
        assert "│ What it would do (2 characters)" in lines
        assert "What it would do (2 characters)" not in lines
