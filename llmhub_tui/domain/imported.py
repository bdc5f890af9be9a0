"""What reading other programs' exports comes to: conversations, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation, with ids that come from its source, so that reading it again finds the same ones."""

    conversation: Conversation
    updated_at: float
    """Seconds since the Unix epoch."""
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that could not be read; what stands around it could."""

    where: str
    why: str


Entry = Found | Unreadable


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a foreign tree; some hold no message, and their children then hang on what is above."""

    parent: str | None
    message: Message | None


def grown(
    id: str, nodes: Mapping[str, Node], *, title: str = "", created_at: float = 0.0, leaf: str | None = None
) -> Conversation:
    """A conversation made of a foreign tree, whatever its order; circles in it are cut.

    Args:
        id: of the conversation; the messages' ids are made of it and the nodes' names.
        nodes: by name.
        title: of the conversation.
        created_at: seconds since the Unix epoch.
        leaf: the name of the node that the open path ends at.
    """
    conversation = Conversation(id, title=title, created_at=created_at)
    placed: dict[str, str | None] = {}
    """A node's name to the id of its message, or of the nearest one above it."""
    for name in nodes:
        chain: list[str] = []
        at: str | None = name
        while at is not None and at in nodes and at not in placed and at not in chain:
            chain.append(at)
            at = nodes[at].parent
        above = placed.get(at) if at is not None else None
        for step in reversed(chain):
            message = nodes[step].message
            if message is not None:
                message = replace(message, id=f"{id}/{step}", parent=above)
                conversation.add(message)
                above = message.id
            placed[step] = above
    open_at = placed.get(leaf) if leaf is not None else None
    if open_at is not None:
        conversation.choose(open_at)
    return conversation
