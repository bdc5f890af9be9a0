"""The calls of one reply: checked, allowed, run, answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.events import Event, NotSaved, ToolFinished, ToolRequested, ToolStarted
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.domain.tools import Problem, ToolResult, answered
from llmhub_tui.session.plugs import Ports

_LOG: Final = logging.getLogger(__name__)
_STOPPED = ToolResult("The user stopped this call before it had a result.", Problem.STOPPED)


@dataclass(slots=True)
class _Job:
    """A call and the message that answers it."""

    call: ToolCall
    message: Message
    began_at: float


class CallRunner:
    """Gives every call of a reply its answer. Each answer is a message behind the one before it.

    The messages exist from the start, so that what a crash leaves is a chain without holes. Users are
    asked about one call after the other; calls that are allowed run side by side.
    """

    def __init__(
        self,
        conversation: Conversation,
        reply: Message,
        *,
        ports: Ports,
        emit: Callable[[Event], None],
    ) -> None:
        """Takes a finished reply with calls; adds a message for each call to the conversation."""
        self._conversation = conversation
        self._ports = ports
        self._emit = emit
        self._jobs: list[_Job] = []
        self._closed = False
        parent = reply.id
        for call in reply.tool_calls:
            created_at = ports.clock.wall()
            message = Message(
                ports.new_id(),
                parent,
                Role.TOOL,
                tool_call_id=call.id,
                created_at=created_at,
                model=call.name,
            )
            conversation.add(message)
            self._jobs.append(_Job(call, message, ports.clock.now()))
            parent = message.id
        self.last_id = parent
        """The message that the next reply follows."""

    async def run(self) -> None:
        """Answers all calls. What a tool does wrong becomes an answer."""
        await self._save_all()
        async with asyncio.TaskGroup() as running:
            for job in self._jobs:
                self._emit(ToolRequested(job.message, job.call))
                job.began_at = self._ports.clock.now()
                problem = await self._permitted(job)
                if problem is None:
                    self._emit(ToolStarted(job.message, job.call))
                    running.create_task(self._run(job), name=f"tool {job.call.name}")
                else:
                    await self._answer(job, problem)

    async def settle(self) -> None:
        """Answers what has no answer yet: the turn is over. Nothing that still runs counts any more."""
        self._closed = True
        for job in self._jobs:
            if job.message.ending is None:
                await self._record(job, _STOPPED)

    async def _permitted(self, job: _Job) -> ToolResult | None:
        """Why a call must not run; `None` where it may."""
        try:
            checked = await self._ports.toolbox.check(job.call)
            if isinstance(checked, ToolResult):
                return checked
            answer = await self._ports.gate.ask(checked)
        except Exception as error:  # the tool boundary: whatever fails here goes to the model as a value
            return _failed(error)
        if answer.allows:
            return None
        return ToolResult("The user did not allow this call. Do without it.", Problem.DENIED)

    async def _run(self, job: _Job) -> None:
        job.began_at = self._ports.clock.now()
        try:
            result = await self._ports.toolbox.run(job.call)
        except Exception as error:  # the tool boundary: whatever fails here goes to the model as a value
            result = _failed(error)
        await self._answer(job, result)

    async def _answer(self, job: _Job, result: ToolResult) -> None:
        if not self._closed and job.message.ending is None:
            await self._record(job, result)

    async def _record(self, job: _Job, result: ToolResult) -> None:
        duration_s = self._ports.clock.now() - job.began_at
        job.message = answered(job.message, result, duration_s=duration_s)
        self._conversation.update(job.message)
        self._emit(ToolFinished(job.message, job.call))
        try:
            await self._ports.recorder.finish(self._conversation, job.message)
        except StorageError as error:
            self._emit(NotSaved(str(error)))

    async def _save_all(self) -> None:
        try:
            await self._ports.recorder.begin(self._conversation, [job.message for job in self._jobs])
        except StorageError as error:
            self._emit(NotSaved(str(error)))


def _failed(error: Exception) -> ToolResult:
    """The result of a tool that has raised, which no toolbox lets through: a bug, so it is logged."""
    _LOG.error("a tool failed", exc_info=error)
    return ToolResult(f"The tool failed: {type(error).__name__}: {error}", Problem.FAILED)
