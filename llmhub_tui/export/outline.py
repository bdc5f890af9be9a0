"""The order in which a tree of attempts is read: the open path, and beside each fork what was tried there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Said:
    """A message."""

    message: Message


@dataclass(frozen=True, slots=True)
class OtherBegins:
    """Another attempt at what the message before was an attempt at, with all that followed it."""

    message: Message
    """Its first message, which comes again as `Said`."""


@dataclass(frozen=True, slots=True)
class OtherEnds:
    """The end of the last attempt that has begun and not ended."""


Step = Said | OtherBegins | OtherEnds


@dataclass(frozen=True, slots=True)
class _Walk:
    id: str
    others: tuple[str, ...]


def outline(conversation: Conversation) -> Iterator[Step]:
    """Every message of every attempt, once; the open path is what stands outside of all other attempts."""
    children: dict[str, list[str]] = {}
    for message in conversation.messages:
        children.setdefault(message.parent or "", []).append(message.id)
    chosen = conversation.chosen

    def onward(parent: str) -> list[Step | _Walk]:
        known = children.get(parent)
        if not known:
            return []
        first = chosen.get(parent, known[-1])
        return [_Walk(first, tuple(id for id in known if id != first))]

    todo = onward("")
    while todo:
        step = todo.pop()
        if not isinstance(step, _Walk):
            yield step
            continue
        yield Said(conversation[step.id])
        todo += onward(step.id)
        for other in reversed(step.others):
            todo += [OtherEnds(), _Walk(other, ()), OtherBegins(conversation[other])]
