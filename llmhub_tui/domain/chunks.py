"""What a client yields while it reads a reply: one small value for each thing a server can say."""

from __future__ import annotations

from dataclasses import dataclass

from llmhub_tui.domain.messages import Usage


@dataclass(frozen=True, slots=True)
class OpenedChunk:
    """The response's headers have arrived with a success status."""

    streaming: bool = True
    """False where the server answered with one whole JSON body."""


@dataclass(frozen=True, slots=True)
class EmptyChunk:
    """A data event that says nothing to the reader, such as the first one with the role alone.

    It shows that the server is alive, which a keep-alive comment does not.
    """


@dataclass(frozen=True, slots=True)
class ModelChunk:
    """The model that answers, as the server names it; sent once."""

    model: str


@dataclass(frozen=True, slots=True)
class TextChunk:
    """A piece of the reply's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningChunk:
    """A piece of the model's reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class RecastChunk:
    """All text of this stream so far was reasoning: a closing tag came without an opening one."""


@dataclass(frozen=True, slots=True)
class RefusalChunk:
    """A piece of a refusal: shown as the reason why there is no reply, and no part of its text."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallChunk:
    """A fragment of a tool call."""

    index: int
    """Which of the parallel calls it belongs to; made good by the decoder where a server leaves it out."""
    id: str = ""
    name: str = ""
    arguments: str = ""
    """To be appended to what this call's earlier fragments brought."""


@dataclass(frozen=True, slots=True)
class UsageChunk:
    """Token counts so far; a later one replaces an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class DamageChunk:
    """A frame could not be read and was skipped, so the reply may lack something."""

    detail: str


@dataclass(frozen=True, slots=True)
class FinishChunk:
    """The server closed the reply properly. A stream that ends without one was cut."""

    reason: str | None
    """`choices[0].finish_reason`; `None` where only `[DONE]` came."""


Chunk = (
    OpenedChunk
    | EmptyChunk
    | ModelChunk
    | TextChunk
    | ReasoningChunk
    | RecastChunk
    | RefusalChunk
    | ToolCallChunk
    | UsageChunk
    | DamageChunk
    | FinishChunk
)
