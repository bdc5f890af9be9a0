"""The head and the foot of a message: who, when, which model and attempt; how it ended and what helps."""

from __future__ import annotations

import time
from collections.abc import Iterator

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ErrorKind
from llmhub_tui.domain.messages import Role
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.render.lines import BLANK, Line
from llmhub_tui.render.text import render_plain
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs
from llmhub_tui.tui.widgets.entries import WHO, CallState, Entry
from llmhub_tui.tui.widgets.pane.look import BADGES, SEAM, PaneLook


def head_lines(entry: Entry, look: PaneLook) -> list[Line]:
    """A blank line, and the line that says whose message it is."""
    message = entry.message
    style = look.user if message.role is Role.USER else look.assistant
    facts = "".join(f" · {fact}" for fact in _facts(entry, look.today))
    runs = [Run(WHO[message.role], style), Run(facts, look.palette.muted)]
    return [BLANK, *wrap_runs(runs, Prefix(), Prefix(), look.width)]


def _facts(entry: Entry, today: tuple[int, int, int]) -> Iterator[str]:
    message = entry.message
    if message.model and message.role is Role.ASSISTANT:
        yield plain_line(message.model, 40)
    if message.created_at:
        yield clock(message.created_at, today)
    if entry.attempts > 1:
        yield f"\u2039{entry.attempt}/{entry.attempts}\u203a"


def clock(at: float, today: tuple[int, int, int]) -> str:
    """When a message was written, in local time: with the day where that is not today.

    Args:
        at: seconds since the Unix epoch.
        today: year, month, day.
    """
    then = time.localtime(at)
    if then[:3] == today:
        return time.strftime("%H:%M", then)
    return time.strftime("%d %b %H:%M" if then[0] == today[0] else "%d %b %Y %H:%M", then)


def foot_lines(entry: Entry, waiting: str, look: PaneLook) -> list[Line]:
    """What went wrong, how the reply ended, which keys help, what is waited for."""
    message = entry.message
    found: list[Line] = []
    if message.failure is not None:
        found += render_plain(message.failure.message, look.error, look.width)
        if message.failure.advice:
            found += render_plain(message.failure.advice, look.palette.muted, look.width)
    if badge := _badge(entry):
        found += wrap_runs([Run(badge, look.warning)], Prefix(), Prefix(), look.width)
    if entry.notice:
        found += render_plain(entry.notice, look.palette.muted, look.width)
    if waiting:
        found += render_plain(plain_line(waiting, 200), look.palette.muted, look.width)
    return found


def _badge(entry: Entry) -> str:
    message = entry.message
    if message.ending is Ending.TOOL_CALLS and any(
        card.state is not CallState.NOT_RUN for card in entry.cards
    ):
        return ""  # the cards say it
    if message.ending is None or message.role is not Role.ASSISTANT:
        return ""
    badge = BADGES.get(message.ending, "")
    if not message.text:  # there is nothing to go on from
        badge = badge.replace(" · Ctrl+G continues", "")
    if (
        message.ending is Ending.INCOMPLETE
        and message.failure
        and message.failure.kind == ErrorKind.RESTARTED
    ):
        badge = "⚠ incomplete · Ctrl+G asks to continue · Ctrl+R: a whole new attempt"
    joined = f"{SEAM} joined at {len(message.seams)} {'place' if len(message.seams) == 1 else 'places'}"
    return " · ".join(part for part in (badge, joined if message.seams else "") if part)
