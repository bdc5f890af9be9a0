"""A bug of ours within a turn ends the turn, is told to the user, and is found in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

import pytest
from support.looping import calling, results, rig_of, sent
from support.scripted import MemoryRecorder, ScriptedClient, saying
from support.sessions import Rig, ended, play
from support.virtual_time import run

from llmhub_tui.domain.chunks import Chunk, OpenedChunk, TextChunk
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.events import Event, TurnFinished
from llmhub_tui.domain.messages import Message
from llmhub_tui.domain.requests import ChatRequest
from llmhub_tui.domain.tools import Problem, problem_of
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session


class BuggyClient(ScriptedClient):
    """Raises what no client may raise."""

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Says something first."""
        yield OpenedChunk()
        yield TextChunk("Hello ")
        raise KeyError("a bug")


class BuggyRecorder(MemoryRecorder):
    """Raises what no recorder may raise."""

    async def finish(self, conversation: Conversation, reply: Message) -> None:
        """Fails."""
        raise KeyError("a bug")


def session_with(client: ScriptedClient, recorder: MemoryRecorder) -> Session:
    """A session with one of its ports broken."""
    ids = iter("abcdef")
    ports = Ports(client, recorder, LoopClock(), lambda: 0.5, lambda: next(ids))
    return Session(Conversation("c"), ports=ports, options=TurnOptions(model="m"))


def traceback_in(caplog: pytest.LogCaptureFixture) -> BaseException | None:
    """The exception of the one record that was logged as an error."""
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.name.startswith("llmhub_tui.")
    assert record.exc_info is not None
    return record.exc_info[1]


def test_an_unexpected_error_ends_the_turn_and_its_traceback_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> Message:
        return ended(await play(await session_with(BuggyClient([]), MemoryRecorder()).send("hi")))

    reply = run(main)
    assert (reply.ending, reply.text) == (Ending.ERROR, "Hello ")
    assert reply.failure is not None
    assert "KeyError" in reply.failure.message
    error = traceback_in(caplog)
    assert isinstance(error, KeyError)
    assert error.__traceback__ is not None


def test_an_unexpected_error_of_a_tool_goes_to_the_model_and_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rig = rig_of(calling(("a", "crash")), saying("Done."))
    assert ended(sent(rig)).text == "Done."
    assert [problem_of(result) for result in results(rig)] == [Problem.FAILED]
    assert isinstance(traceback_in(caplog), RuntimeError)


def test_what_a_server_does_wrong_is_not_logged_as_our_bug(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        await play(
            await Rig([OpenedChunk(), TextChunk("Hel")], options=TurnOptions(resumes=0)).session.send("hi")
        )

    run(main)
    assert caplog.records == []


def test_a_turn_ends_though_saving_it_fails_in_a_way_that_nobody_expects() -> None:
    async def main() -> list[Event]:
        turn = await session_with(ScriptedClient([saying("Hello")]), BuggyRecorder()).send("hi")
        events: list[Event] = []

        async def watch() -> None:
            async with asyncio.timeout(10):
                events.extend([event async for event in turn])

        with pytest.raises(KeyError):
            async with turn:
                await watch()
        return events

    assert isinstance(run(main)[-1], TurnFinished)
