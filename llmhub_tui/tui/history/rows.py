"""What stands in the list of conversations: heads, conversations, hits; as lines, without a widget."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Role
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.history.marking import marked_spans, marked_words

if TYPE_CHECKING:
    from llmhub_tui.store.listing import Summary
    from llmhub_tui.store.search import Hit

_DAY_S: Final = 86_400
_BEHIND: Final = 8
"""Columns behind a hit that should be in sight as well."""
_LONGEST: Final = 300
"""Characters of a title; no line of a screen has more."""
_ENDED: Final = {
    Ending.COMPLETE: ("✓", "$text-success"),
    Ending.TOOL_CALLS: ("⚙ asked for a tool", "$text-warning"),
    Ending.LENGTH: ("… cut by length", "$text-warning"),
    Ending.FILTERED: ("⊘ filtered", "$text-warning"),
    Ending.REFUSAL: ("⊘ refused", "$text-warning"),
    Ending.EMPTY: ("∅ empty", "$text-warning"),
    Ending.STOPPED: ("■ stopped", "$text-warning"),
    Ending.INCOMPLETE: ("⚠ incomplete", "$text-warning"),
    Ending.ERROR: ("✗ failed", "$text-error"),
}
_WHO: Final = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Reply", Role.TOOL: "Tool"}


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a group."""

    name: str

    def lines(self, words: str, now: float, width: int) -> tuple[Content, ...]:
        """One line."""
        return (Content.styled(self.name, "$text-accent bold"),)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation."""

    summary: Summary

    @property
    def key(self) -> str:
        """Identifies the row."""
        return self.summary.id

    @property
    def conversation_id(self) -> str:
        """Of the conversation that it leads to."""
        return self.summary.id

    @property
    def message_id(self) -> str:
        """It leads to no message in particular."""
        return ""

    @property
    def needle(self) -> str:
        """Nothing is marked in the conversation."""
        return ""

    def lines(self, words: str, now: float, width: int) -> tuple[Content, ...]:
        """Its title, and what is to be known of it."""
        summary = self.summary
        title = plain_line(summary.title, _LONGEST) or "(no title)"
        size = f"{summary.messages} message{'' if summary.messages == 1 else 's'}"
        facts = []
        if summary.ending is not None:
            facts.append(Content.styled(*_ENDED[summary.ending]))
        elif summary.model:
            facts.append(Content.styled("✎ being written", "$text-accent"))
        facts.append(Content.styled(f"{moment(summary.updated_at, now)} · {size}", "$foreground-muted"))
        if summary.model:
            facts.append(Content.styled(plain_line(summary.model, 60), "$foreground-muted"))
        if summary.archived:
            facts.append(Content.styled("archived", "$foreground-muted italic"))
        facts += [Content.styled(f"#{plain_line(tag, 40)}", "$text-primary") for tag in summary.tags]
        return marked_words(title, words), Content.styled(" · ", "$foreground-muted").join(facts)


@dataclass(frozen=True, slots=True)
class Found:
    """A message in which the words stand."""

    hit: Hit

    @property
    def key(self) -> str:
        """Identifies the row."""
        return self.hit.message_id

    @property
    def conversation_id(self) -> str:
        """Of the conversation that it leads to."""
        return self.hit.conversation_id

    @property
    def message_id(self) -> str:
        """Of the message that it leads to."""
        return self.hit.message_id

    @property
    def needle(self) -> str:
        """What is marked in the conversation: the first place that was found, as it stands there."""
        start, end = self.hit.spans[0] if self.hit.spans else (0, 0)
        return self.hit.snippet[start:end]

    def lines(self, words: str, now: float, width: int) -> tuple[Content, ...]:
        """Where it was found, and what stands around the words."""
        hit = self.hit
        title = plain_line(hit.title, _LONGEST) or "(no title)"
        where = f"{_WHO[hit.role]} · {moment(hit.created_at, now)} · "
        found = marked_spans(hit.snippet, hit.spans)
        start, end = hit.spans[0] if hit.spans else (0, 0)
        if end > width - _BEHIND:  # so that the hit is in sight, however narrow the list
            found = Content("…") + found[max(0, start - width // 4) :]
        return found, Content.styled(where + title, "$foreground-muted")


Item = Talk | Found
Row = Head | Item


def rows_of(summaries: Iterable[Summary], now: float, after: str = "") -> Iterator[Row]:
    """Conversations under the heads of their groups.

    Args:
        summaries: in the order of the list.
        now: seconds since the Unix epoch.
        after: the group that the list ends with so far, if these are added to one.
    """
    for summary in summaries:
        group = group_of(summary, now)
        if group != after:
            yield Head(group)
            after = group
        yield Talk(summary)


def found_rows(titles: Sequence[Summary], hits: Sequence[Hit]) -> list[Row]:
    """What a search gives: conversations whose titles fit, then messages."""
    rows: list[Row] = []
    if titles:
        rows += [Head("In titles and tags"), *map(Talk, titles)]
    if hits:
        rows += [Head("In messages"), *map(Found, hits)]
    return rows


def group_of(summary: Summary, now: float) -> str:
    """The head under which a conversation stands."""
    if summary.pinned:
        return "Pinned"
    days = _midnight(now) - _midnight(summary.updated_at)
    if days <= 0:
        return "Today"
    if days <= 1.2 * _DAY_S:  # a day has 25 hours when the clocks go back
        return "Yesterday"
    if days < 7.1 * _DAY_S:
        return "Last 7 days"
    if days < 30.1 * _DAY_S:
        return "Last 30 days"
    return time.strftime("%B %Y", time.localtime(summary.updated_at))


def moment(at: float, now: float) -> str:
    """A time as one says it: the hour of today, the day of this year, else the date."""
    then, today = time.localtime(at), time.localtime(now)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M", then)
    day = f"{time.strftime('%b', then)} {then.tm_mday}"
    return day if then.tm_year == today.tm_year else f"{day}, {then.tm_year}"


def _midnight(at: float) -> float:
    """The beginning of a day, where the clock on the wall shows it."""
    day = time.localtime(at)
    return time.mktime((day.tm_year, day.tm_mon, day.tm_mday, 0, 0, 0, 0, 0, -1))
