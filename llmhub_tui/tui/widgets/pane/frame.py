"""What stands around a message's text: head and reasoning above it, tool calls and ending below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from llmhub_tui.render.lines import NO_FOLD, Line
from llmhub_tui.tui.widgets.entries import Card, Entry
from llmhub_tui.tui.widgets.pane.calls import call_lines
from llmhub_tui.tui.widgets.pane.head import foot_lines, head_lines
from llmhub_tui.tui.widgets.pane.look import PaneLook
from llmhub_tui.tui.widgets.pane.reasoning import REASONING, Reasoning


@dataclass(slots=True)
class Frame:
    """Collects what has arrived; lines are made of it when they are asked for."""

    head: list[Line] = field(default_factory=list)
    foot: list[Line] = field(default_factory=list)
    unfolded: set[int] = field(default_factory=set)
    """What is shown whole: the numbers of its folds."""
    advice: int = 0
    """Lines at the end of the foot that are the program's own words."""
    waiting: str = ""
    """What is waited for."""
    stale: bool = False
    """Whether the lines are behind what is known."""
    _reasoning: Reasoning | None = None
    _cards: dict[int, Card] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Takes reasoning and cards of an entry, and waits for nothing any more."""
        thoughts = entry.message.reasoning
        if thoughts and (self._reasoning is None or thoughts != self._reasoning.text):
            self._reasoning = Reasoning(thoughts)
        self._cards = dict(enumerate(entry.cards))
        self.waiting, self.stale = "", True

    def put_reasoning(self, text: str) -> None:
        """Takes more of the reasoning of a reply in flight."""
        if self._reasoning is None:
            self._reasoning = Reasoning()
        self._reasoning.put(text)
        self.stale = True

    def set_card(self, index: int, card: Card) -> None:
        """Takes a tool call as far as it is known."""
        self._cards[index] = card
        self.stale = True

    def set_waiting(self, label: str) -> bool:
        """Says what is waited for; returns whether that is news."""
        news = label != self.waiting
        self.waiting, self.stale = label, self.stale or news
        return news

    @property
    def folds(self) -> set[int]:
        """The numbers of what can be folded: reasoning and tool calls."""
        return {line.fold for line in (*self.head, *self.foot) if line.fold != NO_FOLD}

    def toggle(self, numbers: set[int]) -> None:
        """Folds what is unfolded; with several numbers, unfolds all unless all are unfolded."""
        self.unfolded = self.unfolded - numbers if numbers <= self.unfolded else self.unfolded | numbers
        self.stale = True

    def folded_texts(self) -> Iterator[tuple[int, str]]:
        """The number of each fold that is closed, and what it holds."""
        if self._reasoning is not None and REASONING not in self.unfolded:
            yield REASONING, self._reasoning.text
        for number, card in self._cards.items():
            if number not in self.unfolded:
                yield number, f"{card.call.arguments}\n{card.result}"

    def texts(self) -> Iterator[str]:
        """What the folds hold, closed or open."""
        if self._reasoning is not None:
            yield self._reasoning.text
        for card in self._cards.values():
            yield f"{card.call.name}\n{card.call.arguments}\n{card.result}"

    def refresh(self, entry: Entry, look: PaneLook) -> int:
        """Makes the lines anew; returns the first line of the head that is another one."""
        self.stale = False
        before, self.head = self.head, head_lines(entry, look)
        if self._reasoning is not None:
            self.head += self._reasoning.lines(look, whole=REASONING in self.unfolded)
        said = foot_lines(entry, self.waiting, look)
        self.advice = len(said)
        self.foot = call_lines(self._cards, self.unfolded, look) + said
        pairs = zip(before, self.head, strict=False)
        same = next((at for at, (old, new) in enumerate(pairs) if old is not new and old != new), None)
        return same if same is not None else min(len(before), len(self.head))
