"""How turns are made: the model, its parameters, and how patient to be."""

from __future__ import annotations

from dataclasses import dataclass, field

from llmhub_tui.domain.requests import Parameters
from llmhub_tui.domain.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class Clocks:
    """Three clocks, not one; the whole reply may take as long as it likes."""

    connect_s: float = 10.0
    first_token_s: float = 120.0
    """From the request to the first text, reasoning or tool call."""
    silence_s: float = 60.0
    """Between two data events; keep-alive comments do not count."""
    grace_s: float = 2.0
    """From the finish reason to the end of the stream, for the usage that may follow."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ValueError(f"Clocks.{name} must be more than 0, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """What every request of a session has in common."""

    model: str = ""
    """Empty: the server's first one."""
    system: str = ""
    parameters: Parameters = field(default_factory=Parameters)
    stream: bool = True
    clocks: Clocks = field(default_factory=Clocks)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    resumes: int = 3
    """How often a reply that was cut by a lost connection is resumed without asking."""
    in_words: bool = False
    """Whether the rest of a partial reply is asked for in words; see `ChatRequest`."""
    tools: tuple[str, ...] = ()
    """The names of the tools that are switched on."""
    rounds: int = 20
    """How often one turn may ask the model again with the results of its tools."""

    def __post_init__(self) -> None:
        if self.rounds < 1:
            raise ValueError(f"TurnOptions.rounds must be at least 1, not {self.rounds}")
