"""What is asked of a server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from llmhub_tui.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Parameters:
    """Sampling and length; `None` leaves the choice to the server and is not sent."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning_effort: str | None = None
    tool_choice: str | None = None
    """`auto`, `none`, `required`, or the name of the one tool to call; sent only along with tools."""
    parallel_tool_calls: bool | None = None
    """Whether one reply may ask for several tools; sent only along with tools."""

    def after_tools(self) -> Parameters:
        """For the request that brings results: what was demanded has been done."""
        return self if self.tool_choice in (None, "auto", "none") else replace(self, tool_choice=None)


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as it is offered to the model."""

    name: str
    description: str
    schema: str
    """The JSON schema of its arguments, as JSON text."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One chat completion request."""

    model: str
    """Empty: the client takes the server's first model."""
    messages: tuple[Message, ...]
    """Oldest first. An assistant message at the end is a partial reply that is to be continued."""
    system: str = ""
    parameters: Parameters = field(default_factory=Parameters)
    tools: tuple[ToolSpec, ...] = ()
    stream: bool = True
    in_words: bool = False
    """Whether the rest of a partial reply is asked for in words, since it did not come by itself."""
    connect_s: float = 10.0
    """How long the TCP and TLS connection may take."""
