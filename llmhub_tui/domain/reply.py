"""Builds a reply's message out of what a client yields."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from llmhub_tui.domain.chunks import ToolCallChunk
from llmhub_tui.domain.endings import Ending, ending_of
from llmhub_tui.domain.messages import Failure, Message, ToolCall, Usage


@dataclass(slots=True)
class _CallParts:
    """The fragments of one tool call."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class ReplyBuilder:
    """Collects text, reasoning and tool calls; answers with the message as it stands."""

    def __init__(self, message: Message) -> None:
        """Takes the reply at its start; its text is what a continued reply keeps."""
        self._message = message
        self._text = [message.text] if message.text else []
        self._reasoning = [message.reasoning] if message.reasoning else []
        self._calls: dict[int, _CallParts] = {}
        self._chars = len(message.text)
        self.kept_chars = len(message.text)
        """Characters that were there before this turn."""
        self._seams = list(message.seams)
        self.model = message.model
        self.usage: Usage | None = None
        self.finished = False
        """Whether a finish reason or `[DONE]` has been read."""
        self.finish_reason: str | None = None
        self.refusal = ""
        """The words of a refusal; they are no part of the text."""
        self.damage = ""
        """What the client said of the first frame that it had to skip."""

    @property
    def chars(self) -> int:
        """Characters of text so far, kept ones included."""
        return self._chars

    @property
    def text(self) -> str:
        """The text so far."""
        if len(self._text) > 1:
            self._text = ["".join(self._text)]
        return self._text[0] if self._text else ""

    @property
    def started(self) -> bool:
        """Whether anything of the reply has arrived in this turn."""
        return self._chars > self.kept_chars or bool(self._reasoning) or bool(self._calls)

    @property
    def has_calls(self) -> bool:
        """Whether a tool call has begun."""
        return bool(self._calls)

    def add_text(self, text: str) -> None:
        """Appends to the text."""
        self._text.append(text)
        self._chars += len(text)

    def add_seam(self) -> None:
        """Notes that what follows comes from another stream than what is there."""
        self._seams.append(self._chars)

    def recast(self) -> None:
        """Takes the text that this turn has brought for reasoning."""
        text = self.text
        self._reasoning.append(text[self.kept_chars :])
        self._text = [text[: self.kept_chars]]
        self._chars = self.kept_chars
        self._seams = [seam for seam in self._seams if seam <= self.kept_chars]

    def add_reasoning(self, text: str) -> None:
        """Appends to the reasoning."""
        self._reasoning.append(text)

    def add_call(self, chunk: ToolCallChunk) -> ToolCall:
        """Joins a fragment to its call by index, and returns the call as it stands."""
        parts = self._calls.setdefault(chunk.index, _CallParts())
        parts.id = parts.id or chunk.id
        parts.name = parts.name or chunk.name
        if chunk.arguments:
            parts.arguments.append(chunk.arguments)
        return self._call(chunk.index)

    def drop_calls(self) -> None:
        """Forgets tool calls whose arguments were cut; they are asked for again, never resumed."""
        self._calls.clear()

    def start_over(self) -> None:
        """Forgets reasoning and refusals that led to no text; the model will begin again."""
        self._reasoning.clear()
        self.refusal = ""

    def finish(self, reason: str | None) -> None:
        """Notes that the server closed the reply properly; the first reason given stays."""
        self.finished = True
        self.finish_reason = self.finish_reason or reason

    def ending(self) -> Ending:
        """How the reply has ended if nothing more comes."""
        if not self.finished:
            return Ending.INCOMPLETE
        return ending_of(
            self.finish_reason,
            has_text=self._chars > 0,
            has_calls=bool(self._calls),
            refused=bool(self.refusal),
        )

    def message(
        self, ending: Ending | None, *, duration_s: float = 0.0, failure: Failure | None = None
    ) -> Message:
        """The reply's message as it stands, with an ending or, while it is in flight, without."""
        return replace(
            self._message,
            text=self.text,
            reasoning="".join(self._reasoning),
            tool_calls=tuple(self._call(index) for index in sorted(self._calls)),
            model=self.model,
            ending=ending,
            finish_reason=self.finish_reason,
            usage=self.usage,
            duration_s=duration_s,
            failure=failure,
            kept_chars=self.kept_chars,
            seams=tuple(self._seams),
        )

    def _call(self, index: int) -> ToolCall:
        parts = self._calls[index]
        if len(parts.arguments) > 1:
            parts.arguments = ["".join(parts.arguments)]
        return ToolCall(
            id=parts.id or f"call_{index}",
            name=parts.name,
            arguments=parts.arguments[0] if parts.arguments else "",
        )
