"""What a server offers beside tools, and how to refer to all that it offers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_OTHER: Final = re.compile(r"[^a-zA-Z0-9_-]+")
_LONGEST: Final = 64
"""Characters of a tool's name, as the API has it."""


@dataclass(frozen=True, slots=True)
class PromptOffer:
    """A prompt that a server writes."""

    server: str
    name: str
    description: str
    arguments: tuple[tuple[str, str, bool], ...]
    """For each argument its name, its description, and whether it must be given."""


@dataclass(frozen=True, slots=True)
class ResourceOffer:
    """Something that a server can hand over to be read."""

    server: str
    uri: str
    name: str
    description: str


Offer = PromptOffer | ResourceOffer


def tool_name(server: str, tool: str) -> str:
    """The name that a server's tool has for the model."""
    return f"{_OTHER.sub('_', server)}__{_OTHER.sub('_', tool)}"[:_LONGEST]


def may_mean(pattern: str, server: str) -> bool:
    """Whether a tool's name, or a pattern for it, may mean a tool of this server."""
    prefix = tool_name(server, "")
    head = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    return pattern.startswith(prefix) or (head != pattern and prefix.startswith(head))
