"""What is asked before a tool runs, and what may be answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What the user says to a tool call."""

    NO = "no"
    """Not this time; also what silence, Escape and a closed terminal mean."""
    ONCE = "once"
    CONVERSATION = "conversation"
    """This tool may run without asking for as long as this conversation is open."""
    ALWAYS = "always"
    """Calls like this one may run from now on; kept in the settings."""
    NEVER = "never"
    """Calls of this tool are refused without asking from now on; kept in the settings."""

    @property
    def allows(self) -> bool:
        """Whether the call in question may run."""
        return self in (Answer.ONCE, Answer.CONVERSATION, Answer.ALWAYS)


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """A call that wants to run. All text in it is a stranger's."""

    tool: str
    source: str
    """Where the tool comes from, such as `built-in` or `MCP server time`."""
    arguments: str
    """The whole JSON text, as it will be run with."""
    detail: str = ""
    """What the call would change, such as a diff; plain text."""
    alike: tuple[tuple[str, str], ...] = ()
    """Which calls `Answer.ALWAYS` would allow: for each argument a pattern, as for file names."""

    def __post_init__(self) -> None:
        if not self.tool:
            raise ValueError("ConsentRequest.tool is empty")
