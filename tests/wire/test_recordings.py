"""A recording plays back as what was recorded, through the same code; it is for its owner alone."""

from __future__ import annotations

import asyncio
import stat
from itertools import count
from pathlib import Path

import httpx2
import pytest
from support.scripted import MemoryRecorder
from support.sessions import ended, play
from support.virtual_time import run
from support.wire import KEY
from wire import calls, endings, framing, payload
from wire.case import Case, chunked, data, problem, say, stream
from wire.server import playing

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.api.gulps import Gulps
from llmhub_tui.api.replaying import Recorded, ReplayTransport
from llmhub_tui.cli.replay import Replay
from llmhub_tui.cli.replay_script import RecordedTools
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, StorageError
from llmhub_tui.domain.messages import Message, ToolCall
from llmhub_tui.domain.retry import RetryPolicy
from llmhub_tui.domain.tools import ToolResult
from llmhub_tui.domain.wire import Answered, Asked, Came, Ended, How, WireRecord
from llmhub_tui.export.recording import RecordingFile, read_recording
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session

PLAYED = {
    "as documented": framing.CASES["as documented"],
    "gzip that nobody asked for": framing.CASES["gzip that nobody asked for"],
    "a character cut between two reads": framing.CASES["a character cut between two reads"],
    "think tags": payload.CASES["think tags"],
    "fragments interleaved": calls.CASES["fragments interleaved"],
    "an error in mid-reply": endings.CASES["an error in mid-reply"],
    "busy, then fine": Case(
        (problem("429 Busy", b"", "Retry-After: 0"), stream(say("Hi "), say("you"), "[DONE]"))
    ),
    "cut, then resumed": endings.CASES["a rest that goes on exactly"],
    "closed without a byte, once": endings.CASES["closed without a byte, once"],
    "a header that is not ASCII": Case(
        (problem("503 Busy", b"", "X-Region: Zürich\r\nRetry-After: 0"), stream(say("Hi"), "[DONE]"))
    ),
    "a web page": endings.CASES["a web page"],
}
OPTIONS = TurnOptions(model="m", retry=RetryPolicy(base_s=0.001), resumes=1)


async def recorded(path: Path, url: str, *prompts: str) -> list[Message]:
    """Records a conversation; returns its replies."""
    file = RecordingFile(path)
    client, ids = ChatClient(Endpoint(url, KEY), (file,)), map(str, count(1))
    ports = Ports(client, MemoryRecorder(), LoopClock(), jitter=lambda: 0.5, new_id=lambda: next(ids))
    session = Session(Conversation("c"), ports=ports, options=OPTIONS)
    replies = [ended(await play(await session.send(prompt))) for prompt in prompts]
    await client.aclose()
    file.close()
    assert file.trouble == ""
    return replies


async def replayed(path: Path) -> list[Message]:
    """The replies of a recording."""
    replay = Replay(path, 0)
    session = replay.session(MemoryRecorder())
    replies = [ended(await play(await make(session))) for make in replay.script]
    await replay.client.aclose()
    return replies


async def test_a_recording_ends_as_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    async with playing(PLAYED) as server:
        before = await recorded(path, server.url, *PLAYED)
    after = await replayed(path)

    def seen(replies: list[Message]) -> list[tuple[object, ...]]:
        return [
            (one.ending, one.text, one.reasoning, one.tool_calls, one.failure, one.seams) for one in replies
        ]

    assert seen(after) == seen(before)
    assert len(after) == len(PLAYED)
    text = path.read_text()
    assert KEY.reveal() not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_what_was_stopped_stops_there_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    hanging = {"slow": Case((chunked(data(say("One "), say("two ")), last=b""),), end="hang")}
    async with playing(hanging) as server:
        file = RecordingFile(path)
        client = ChatClient(Endpoint(server.url), (file,))
        ports = Ports(client, MemoryRecorder(), LoopClock(), jitter=lambda: 0.5, new_id=iter("abc").__next__)
        turn = await Session(Conversation("c"), ports=ports, options=OPTIONS).send("slow")
        async with turn:
            while "One two " not in file_text(file):
                await asyncio.sleep(0.01)
            turn.cancel()
        await client.aclose()
        file.close()
    [reply] = await replayed(path)
    assert reply.text == "One two "
    assert reply.ending is Ending.ERROR
    assert reply.failure is not None
    assert "closed from this side" in reply.failure.message


def file_text(file: RecordingFile) -> str:
    """What is in a recording's pieces so far."""
    found = [record.data for record in read_recording(file.path) if isinstance(record, Came)]
    return "One two " if b"two" in b"".join(found) else ""


RECORDS: list[WireRecord] = [
    Asked(1, 0.5, "POST", "http://x/v1/chat/completions", (("a", "b"),), '{"model": "m"}'),
    Answered(1, 0.6, 200, (("content-type", "text/event-stream"),)),
    Came(1, 0.7, "né ".encode()),
    Came(1, 0.8, b"\xf0\x9f"),
    Came(1, 0.9, b"\x98\x80\n"),
    Ended(1, 1.0, How.FAILED, "ReadError", "gone"),
]


@pytest.mark.parametrize("speed", [1, 4])
def test_a_recording_takes_as_long_as_what_was_recorded(speed: float) -> None:
    asked = Asked(1, 0.0, "POST", "http://h/v1/chat/completions", (), "")
    pieces = [Came(1, 1.0 + 0.01 * number, b"x") for number in range(201)]
    one = Recorded(asked, Answered(1, 1.0, 200, ()), pieces, Ended(1, 3.0, How.WHOLE))

    async def seconds() -> float:
        loop = asyncio.get_running_loop()
        request = httpx2.Request("POST", asked.url)
        response = await ReplayTransport([one], speed).handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        read = b"".join([piece async for piece in Gulps(aiter(response.stream), loop.time)])
        assert len(read) == len(pieces)
        return loop.time() - 1000

    assert run(seconds) == pytest.approx(3.0 / speed, abs=0.06)


def test_records_come_back_as_they_were_and_a_cut_line_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    file = RecordingFile(path)
    for record in RECORDS:
        file.take(record)
    file.close()
    found = read_recording(path)
    assert [type(record) for record in found] == [type(record) for record in RECORDS]
    assert [record.data for record in found if isinstance(record, Came)] == [
        record.data for record in RECORDS if isinstance(record, Came)
    ]
    assert found[-1] == Ended(1, found[-1].at, How.FAILED, "ReadError", "gone")
    path.write_text(path.read_text()[:-20])
    assert len(read_recording(path)) == len(RECORDS) - 1


def test_nothing_but_a_recording_is_overwritten(tmp_path: Path) -> None:
    notes, link = tmp_path / "notes.txt", tmp_path / "link"
    notes.write_text("mine")
    link.symlink_to(notes)
    for path in (notes, link, tmp_path):
        with pytest.raises(StorageError):
            RecordingFile(path)
    assert notes.read_text() == "mine"
    for _ in range(2):
        RecordingFile(tmp_path / "wire.jsonl").close()


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"recording": "llmhub-chat", "version": 99}', "\xff", "{" * 5000]
)
def test_what_is_no_recording_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(text.encode("latin1"))
    with pytest.raises((StorageError, ChatError)):
        Replay(path, 0)


async def test_recorded_tools_give_their_recorded_results_and_run_nothing() -> None:
    tools = RecordedTools(
        [
            {"tools": [{"type": "function", "function": {"name": "now", "parameters": {"type": "object"}}}]},
            {"messages": [{"role": "tool", "tool_call_id": "c1", "content": "noon"}]},
        ]
    )
    assert [spec.name for spec in await tools.offer(tools.names)] == ["now"]
    assert await tools.run(ToolCall("c1", "now", "{}")) == ToolResult("noon")
    unknown = await tools.check(ToolCall("c2", "now", "{}"))
    assert isinstance(unknown, ToolResult)
    assert unknown.problem is not None
