"""What is going on in a turn, in words for the status line; no widgets, no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.events import (
    Connecting,
    Event,
    FirstToken,
    ReasoningArrived,
    Recast,
    Resuming,
    RetryScheduled,
    RoundStarted,
    TextArrived,
    ToolCallArrived,
    ToolFinished,
    ToolRequested,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    TurnStopped,
    UsageReported,
    Waiting,
)
from llmhub_tui.domain.messages import Message
from llmhub_tui.domain.plain import plain_line

_QUIET_S = 3.0
"""Silence in mid-reply that is worth a word."""


class Phase(StrEnum):
    """Where a turn stands."""

    IDLE = "ready"
    CONNECTING = "connecting"
    WAITING = "waiting for the first token"
    THINKING = "thinking"
    STREAMING = "streaming"
    PAUSED = "waiting to retry"
    ASKING = "asking you"
    RUNNING = "running"
    STOPPING = "stopping"


_ENDED = {
    Ending.COMPLETE: "done",
    Ending.LENGTH: "cut by length",
    Ending.FILTERED: "filtered",
    Ending.REFUSAL: "refused",
    Ending.TOOL_CALLS: "asked for a tool",
    Ending.EMPTY: "empty reply",
    Ending.STOPPED: "stopped",
    Ending.INCOMPLETE: "incomplete",
    Ending.ERROR: "failed",
}


@dataclass(slots=True)
class Progress:
    """Follows a turn's events. All times are seconds on the caller's clock."""

    phase: Phase = Phase.IDLE
    began_at: float = 0.0
    first_at: float | None = None
    """When the first token came."""
    retry_at: float = 0.0
    why: str = ""
    """The reason for a retry."""
    round: str = ""
    """Which round of tools this is; empty in the first."""
    tools: dict[str, str] = field(default_factory=dict)
    """The tools that run, by the message that will hold their result."""
    words: int = 0
    tokens: int = 0
    """Completion tokens as the server counted them; 0 while unknown."""
    ended: str = ""
    """How the last turn ended."""

    @property
    def running(self) -> bool:
        """Whether a turn is on its way."""
        return self.phase is not Phase.IDLE

    def begin(self, now: float) -> None:
        """A turn begins."""
        self.phase, self.began_at, self.first_at = Phase.CONNECTING, now, None
        self.words = self.tokens = 0
        self.ended = self.why = self.round = ""
        self.tools.clear()

    def stopping(self) -> None:
        """The user has asked for the end."""
        if self.running:
            self.phase = Phase.STOPPING

    def take(self, event: Event, now: float) -> None:
        """Takes the next event."""
        match event:
            case TurnStopped(reply):
                self._end(reply, now, Ending.STOPPED)
            case TurnFinished(reply):
                self._end(reply, now, reply.ending)
            case TurnFailed(reply, _):
                self._end(reply, now, Ending.ERROR if reply.ending is Ending.TOOL_CALLS else reply.ending)
            case _ if self.phase is Phase.STOPPING:
                pass
            case Connecting():
                self.phase = Phase.CONNECTING
            case Waiting():
                self.phase = Phase.WAITING
            case FirstToken():
                self.first_at = self.first_at or now
            case TextArrived(text):
                self.phase = Phase.STREAMING
                self.words += len(text.split())
            case Recast():
                self.words = 0
            case ReasoningArrived() | ToolCallArrived():
                self.phase = Phase.THINKING
            case RetryScheduled(in_s, _, error) | Resuming(_, in_s, error):
                self.phase, self.retry_at = Phase.PAUSED, now + in_s
                self.why = plain_line(error.message, 60).rstrip(".") if error else "the connection was lost"
            case UsageReported(usage):
                self.tokens = usage.completion_tokens
            case _:
                self._take_tool(event)

    def _take_tool(self, event: Event) -> None:
        match event:
            case ToolRequested():
                self.phase = Phase.ASKING
            case ToolStarted(message, call):
                self.tools[message.id] = plain_line(call.name, 40)
                self.phase = Phase.RUNNING
            case ToolFinished(message, _):
                self.tools.pop(message.id, None)
            case RoundStarted(number, limit, _):
                self.round = f"round {number} of {limit}"
                self.phase, self.first_at = Phase.CONNECTING, None
                self.words = self.tokens = 0
            case _:
                pass

    def label(self, now: float, quiet_s: float) -> str:
        """What the status line says.

        Args:
            now: the caller's clock.
            quiet_s: seconds since the last data event.
        """
        if self.phase is Phase.IDLE:
            return self.ended or Phase.IDLE.value
        if self.phase is Phase.PAUSED:
            return f"next try in {max(0.0, self.retry_at - now):.0f} s (r: now, Esc: end): {self.why}"
        seconds = f"{now - self.began_at:.0f} s"
        if self.phase in (Phase.STREAMING, Phase.THINKING) and quiet_s >= _QUIET_S:
            return f"no data for {quiet_s:.0f} s"
        rate = "" if self.phase in (Phase.ASKING, Phase.RUNNING) else self._rate(now)
        what = self.phase.value
        if self.phase is Phase.RUNNING and self.tools:
            what = f"{what} {', '.join(self.tools.values())}"
        return " · ".join(part for part in (self.round, f"{what}, {seconds}", rate) if part)

    def at_cursor(self, now: float, quiet_s: float) -> str:
        """What stands where the reply will appear; empty once words flow."""
        match self.phase:
            case Phase.CONNECTING | Phase.WAITING:
                seconds = now - self.began_at
                return f"Generating… {seconds:.0f} s" if seconds >= 1 else "Generating…"
            case Phase.PAUSED:
                return self.label(now, quiet_s)
            case Phase.STREAMING | Phase.THINKING if quiet_s >= _QUIET_S:
                return f"no data for {quiet_s:.0f} s"
            case Phase.STOPPING:
                return "stopping…"
            case _:
                return ""

    def _rate(self, now: float) -> str:
        """Words, or where the server counts them tokens, per second since the first one."""
        if self.first_at is None or now - self.first_at < 0.5:
            return ""
        count, unit = (self.tokens, "tokens") if self.tokens else (self.words, "words")
        return f"{count / (now - self.first_at):.0f} {unit}/s" if count else ""

    def _end(self, reply: Message, now: float, ending: Ending | None) -> None:
        how = _ENDED[ending] if ending else ""
        self.phase = Phase.IDLE
        parts = (how, f"{reply.duration_s:.1f} s", self._rate(now))
        self.ended = " · ".join(part for part in parts if part)
