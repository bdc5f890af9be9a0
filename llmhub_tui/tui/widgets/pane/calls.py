"""Tool calls as cards: what was asked for, with which arguments, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Final

from llmhub_tui.domain.plain import plain_line
from llmhub_tui.render.arguments import readable
from llmhub_tui.render.lines import Line
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs
from llmhub_tui.tui.widgets.entries import CallState, Card
from llmhub_tui.tui.widgets.pane.bar import behind_bar
from llmhub_tui.tui.widgets.pane.look import PaneLook

_SHORT: Final = 3
"""Lines of a folded call's arguments, and of its result."""
_BAD: Final = frozenset(
    {
        CallState.FAILED,
        CallState.DENIED,
        CallState.INVALID,
        CallState.CUT,
        CallState.NOT_RUN,
        CallState.STOPPED,
    }
)


def call_lines(cards: Mapping[int, Card], unfolded: Set[int], look: PaneLook) -> list[Line]:
    """The cards in order: name and state, arguments, result.

    Args:
        cards: by the index of their call.
        unfolded: the indexes of those that are shown whole.
        look: styles and width.
    """
    found: list[Line] = []
    for index, card in sorted(cards.items()):
        whole = index in unfolded
        runs = [
            Run(f"{'▾' if whole else '▸'} ⚙ {plain_line(card.call.name, 80) or '…'}", look.warning),
            Run(_state(card), look.error if card.state in _BAD else look.palette.muted),
        ]
        head = wrap_runs(runs, Prefix(), Prefix(), look.width)
        found += (replace(line, fold=index) for line in head)
        shown = readable(card.call.arguments, whole=card.state is not CallState.ARRIVING)
        if shown:
            found += _short(behind_bar(shown, look.palette.muted, look.width), _SHORT, whole)
        if card.result:
            found += _short(behind_bar(card.result, look.palette.text, look.width, "└ "), _SHORT, whole)
    return found


def _state(card: Card) -> str:
    if not card.state:
        return ""
    took = f", {card.seconds:.1f} s" if card.state is CallState.DONE and card.seconds >= 0.05 else ""
    return f" · {card.state.value}{took}"


def _short(lines: list[Line], most: int, whole: bool) -> list[Line]:
    """The first lines; of something folded at most so many, the last of them saying that there are more."""
    if whole or len(lines) <= most:
        return lines
    return lines[:most]
