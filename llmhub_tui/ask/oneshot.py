"""One prompt, one reply: words to standard output as they arrive."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TextIO, assert_never

from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode, exit_code, silence
from llmhub_tui.ask.record import as_json_line
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.events import (
    Connecting,
    Event,
    FirstToken,
    Joined,
    NotSaved,
    ReasoningArrived,
    Recast,
    ReplyFinished,
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
    TurnStarted,
    TurnStopped,
    UsageReported,
    Waiting,
)
from llmhub_tui.domain.messages import Message, ToolCall
from llmhub_tui.domain.plain import plain, plain_line, printed
from llmhub_tui.domain.tools import NEVER_RAN, problem_of
from llmhub_tui.session.turn import Turn


class OneShot:
    """Plays a turn to standard output, and answers with the exit status."""

    def __init__(self, out: TextIO, diagnostics: Diagnostics, *, json_lines: bool = False) -> None:
        """Takes where to write.

        Args:
            out: gets the words, or with `json_lines` every event as a line of JSON.
            diagnostics: gets everything else.
            json_lines: for programs that read the events.
        """
        self._out = out
        self._diagnostics = diagnostics
        self._json_lines = json_lines
        self._at_line_start = True
        self._terminated = False

    async def play(self, turn: Turn) -> ExitCode:
        """Runs the turn to its end; an interrupt stops it, and what came so far is kept."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError):  # not on Windows, not outside the main thread
                loop.add_signal_handler(number, self._stop, turn, number)
        status = ExitCode.FAILED
        try:
            async with turn:
                async for event in turn:
                    if (found := _status(event)) is not None:
                        status = found
                    self._show(event, turn)
        except BrokenPipeError:
            silence(self._out)
            return ExitCode.BROKEN_PIPE
        if turn.unsaved:
            self._diagnostics.say(f"not saved: {turn.unsaved}")
        if self._terminated:
            return ExitCode.TERMINATED
        return status

    def _stop(self, turn: Turn, number: signal.Signals) -> None:
        self._terminated = number is signal.SIGTERM
        turn.cancel()

    def _write(self, text: str) -> None:
        self._out.write(printed(text))
        self._out.flush()

    def _show(self, event: Event, turn: Turn) -> None:
        if self._json_lines:
            self._write(as_json_line(event, turn.requests) + "\n")
            return
        match event:
            case TextArrived(text):
                shown = plain(text)
                self._write(shown)
                self._at_line_start = shown.endswith("\n") if shown else self._at_line_start
            case RetryScheduled(in_s, attempt, error):
                self._diagnostics.say(f"{error.message.rstrip('.')}; attempt {attempt} in {in_s:.0f} s")
            case Resuming(_, _, error):
                reason = error.message if error else "the connection was lost"
                self._diagnostics.say(f"{reason}; asking for the rest")
            case TurnStopped(reply) if reply.ending is Ending.TOOL_CALLS:  # while its tools ran
                self._end_line()
                self._diagnostics.say(_REMARKS[Ending.STOPPED])
            case TurnFinished(reply) | TurnStopped(reply) | TurnFailed(reply, _):
                self._end(reply)
            case ToolStarted(_, call):
                self._diagnostics.say(f"running {_shown(call)}")
            case ToolFinished(message, call):
                self._say_problem(message, call)
            case ReplyFinished():
                self._end_line()
            case Recast():
                self._diagnostics.say("what stands above was the model's reasoning; the reply follows")
            case ToolRequested() | RoundStarted() | Joined():
                pass
            case NotSaved() | TurnStarted() | Connecting() | Waiting() | FirstToken():
                pass
            case ReasoningArrived() | ToolCallArrived() | UsageReported():
                pass
            case _ as never:
                assert_never(never)

    def _say_problem(self, result: Message, call: ToolCall) -> None:
        problem = problem_of(result)
        if problem in NEVER_RAN:
            self._diagnostics.say(f"not run: {_shown(call)}", result.text)
        elif problem is not None:
            self._diagnostics.say(f"{call.name}: {result.text}")

    def _end_line(self) -> None:
        if not self._at_line_start:
            self._write("\n")
            self._at_line_start = True

    def _end(self, reply: Message) -> None:
        self._end_line()
        if reply.failure is None:
            for call in reply.tool_calls:
                self._diagnostics.say(f"the model asked for a tool, which was not run: {_shown(call)}")
        if reply.failure is not None:
            self._diagnostics.say(reply.failure.message, reply.failure.advice)
        elif reply.ending in _REMARKS:
            self._diagnostics.say(_REMARKS[reply.ending])


def _status(event: Event) -> ExitCode | None:
    """The exit status that a terminal event asks for."""
    match event:
        case TurnFinished(reply) if reply.ending is not None:
            return exit_code(reply.ending)
        case TurnStopped():
            return ExitCode.INTERRUPTED
        case _:
            return None


def _shown(call: ToolCall) -> str:
    return plain_line(f"{call.name}({call.arguments})", 400)


_REMARKS = {
    Ending.LENGTH: "the reply was cut at the token limit; raise --max-tokens for more",
    Ending.FILTERED: "the server's content filter cut the reply",
    Ending.EMPTY: "the reply is empty",
    Ending.INCOMPLETE: "the reply is incomplete",
    Ending.STOPPED: "stopped",
}
