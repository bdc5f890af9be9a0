"""A toolbox whose tools do what their names say, and a gate that answers from a list."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.messages import ToolCall
from llmhub_tui.domain.requests import ToolSpec
from llmhub_tui.domain.tools import Problem, ToolResult

TOOLS = ("echo", "slow", "hang", "stubborn", "crash")


@dataclass
class FakeToolbox:
    """Knows what was run, and what was canceled."""

    ran: list[str] = field(default_factory=list)
    canceled: list[str] = field(default_factory=list)

    async def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """Those of the names that it knows."""
        return tuple(ToolSpec(name, "", '{"type": "object"}') for name in TOOLS if name in names)

    async def check(self, call: ToolCall) -> ConsentRequest | ToolResult:
        """Wants JSON and a known name."""
        if call.name not in TOOLS:
            return ToolResult("no such tool", Problem.UNKNOWN)
        try:
            json.loads(call.arguments or "{}")
        except ValueError:
            return ToolResult("no JSON", Problem.INVALID)
        return ConsentRequest(call.name, "test", call.arguments)

    async def run(self, call: ToolCall) -> ToolResult:
        """Does what the tool's name says."""
        self.ran.append(call.id)
        try:
            match call.name:
                case "slow":
                    await asyncio.sleep(1)
                case "hang":
                    await asyncio.Event().wait()
                case "stubborn":  # goes on for a while when it is canceled, and has a result then
                    with suppress(asyncio.CancelledError):
                        await asyncio.Event().wait()
                    await asyncio.sleep(1)
                case "crash":
                    raise RuntimeError("broken")
        except asyncio.CancelledError:
            self.canceled.append(call.id)
            raise
        return ToolResult(f"result of {call.id}")


@dataclass
class FakeGate:
    """Answers in turn, the last answer again and again; without answers it waits forever."""

    answers: Sequence[Answer] = (Answer.ONCE,)
    asked: list[ConsentRequest] = field(default_factory=list)

    async def ask(self, request: ConsentRequest) -> Answer:
        """The next answer."""
        self.asked.append(request)
        if not self.answers:
            await asyncio.Event().wait()
        return self.answers[min(len(self.asked), len(self.answers)) - 1]
