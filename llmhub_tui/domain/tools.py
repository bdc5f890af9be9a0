"""What a tool call leads to: a result, or a problem that goes back to the model as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Failure, Message


class Problem(StrEnum):
    """Why a call has no result."""

    CUT = "cut"
    """Its arguments stop in the middle."""
    INVALID = "invalid"
    """Its arguments are no JSON object, or not what the tool's schema asks for."""
    UNKNOWN = "unknown"
    """There is no such tool, or it is switched off."""
    DENIED = "denied"
    """The user, or the lack of one, said no."""
    FAILED = "failed"
    TIMEOUT = "timeout"
    STOPPED = "stopped"
    """The user pressed Escape."""


NEVER_RAN: Final = frozenset({Problem.CUT, Problem.INVALID, Problem.UNKNOWN, Problem.DENIED})
"""Problems that are found before anything runs."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What goes back to the model."""

    text: str
    """The tool's own output, or what went wrong in words that a model can act on."""
    problem: Problem | None = None

    def __post_init__(self) -> None:
        if self.problem is not None and not self.text:
            raise ValueError(f"ToolResult.text is empty, and the problem is {self.problem}")


def answered(message: Message, result: ToolResult, *, duration_s: float = 0.0) -> Message:
    """A tool's message with its result in it."""
    problem = result.problem
    endings = {None: Ending.COMPLETE, Problem.STOPPED: Ending.STOPPED}
    return replace(
        message,
        text=result.text,
        ending=endings.get(problem, Ending.ERROR),
        failure=None if problem is None else Failure(problem.value, result.text),
        duration_s=duration_s,
    )


def problem_of(message: Message) -> Problem | None:
    """Why a tool's message holds no result; `None` where it does, or is still in flight."""
    if message.failure is None:
        return None
    known = {problem.value: problem for problem in Problem}
    return known.get(message.failure.kind, Problem.FAILED)
