"""A reply that was cut is made whole, whatever the server does when it is asked for the rest."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted import MemoryRecorder, Step, cut, saying
from support.sessions import Rig, ended, joined, play
from support.virtual_time import run

from llmhub_tui.domain.chunks import Chunk, FinishChunk, OpenedChunk, ReasoningChunk, RecastChunk, TextChunk
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import Event, Joined, Resuming, RetryScheduled
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.requests import ChatRequest, Parameters
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import Clocks, TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session

LOST = ChatError(ErrorKind.NETWORK, "the connection was lost")
NAMES = ["river", "under", "paper", "seven", "lantern", "cloud", "bridge", "engine"]
WHOLE = " ".join(f"{name}{at}" for at, name in enumerate(NAMES * 8)) + "."
Behavior = Callable[[str, str], str]
"""The partial, and the reply as it would have been: what the server sends when it is asked for the rest."""


def continues(partial: str, whole: str) -> str:
    """Exactly where the partial stops."""
    return whole[len(partial) :]


def repeats_words(partial: str, whole: str) -> str:
    """The last words again, and then the rest."""
    return whole[max(0, len(partial) - 30) :]


def starts_again(partial: str, whole: str) -> str:
    """From the beginning."""
    return whole


class CutServer:
    """Sends the whole reply, but loses the connection at given places; then does as it does."""

    def __init__(self, cuts: list[int], behavior: Behavior, size: int) -> None:
        self.cuts = list(cuts)
        self.behavior = behavior
        self.size = size
        self.asked: list[ChatRequest] = []

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """One request."""
        self.asked.append(request)
        last = request.messages[-1]
        partial = last.text if last.role is Role.ASSISTANT else ""
        text = self.behavior(partial, WHOLE) if partial else WHOLE
        end = self.cuts.pop(0) - (len(WHOLE) - len(text)) if self.cuts else len(text)
        yield OpenedChunk()
        for at in range(0, max(0, end), self.size):
            yield TextChunk(text[at : min(at + self.size, end)])
        if end < len(text):
            raise LOST
        yield FinishChunk("stop")

    async def models(self) -> list[str]:
        """None."""
        return []

    async def aclose(self) -> None:
        """Has nothing to close."""


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.integers(1, len(WHOLE) - 1), min_size=1, max_size=3, unique=True).map(sorted),
    st.sampled_from([continues, repeats_words, starts_again]),
    st.integers(1, 60),
)
def test_nothing_is_doubled_and_nothing_lost(cuts: list[int], behavior: Behavior, size: int) -> None:
    async def main() -> tuple[list[Event], MemoryRecorder]:
        server, recorder = CutServer(cuts, behavior, size), MemoryRecorder()
        ids = iter("abc")
        ports = Ports(server, recorder, LoopClock(), jitter=lambda: 0.5, new_id=lambda: next(ids))
        session = Session(Conversation("c"), ports=ports, options=TurnOptions(model="m"))
        return await play(await session.send("hi")), recorder

    found, recorder = run(main)
    reply = ended(found)
    assert reply.text == joined(found) == recorder.appended[reply.id] == WHOLE
    assert reply.ending is Ending.COMPLETE
    marks = [event.at for event in found if isinstance(event, Joined)]
    assert list(reply.seams) == marks
    assert all(0 < seam < len(WHOLE) for seam in marks)


def sent(*scripts: list[Step], options: TurnOptions | None = None) -> tuple[Rig, list[Event]]:
    """Sends one prompt and plays its turn."""
    rig: list[Rig] = []

    async def main() -> list[Event]:
        rig.append(Rig(*scripts, options=options))
        return await play(await rig[0].session.send("hi"))

    found = run(main)
    return rig[0], found


def test_another_reply_is_not_mixed_with_the_partial_and_the_next_try_asks_in_words() -> None:
    async def main() -> tuple[Rig, Message, Message]:
        rig = Rig(
            cut("The quick brown fox jumps over "),
            saying("The quick brown dog barks."),
            saying("the lazy dog."),
        )
        first = ended(await play(await rig.session.send("hi")))
        return rig, first, ended(await play(await rig.session.resume(first.id)))

    rig, first, second = run(main)
    assert (first.text, first.ending) == ("The quick brown fox jumps over ", Ending.INCOMPLETE)
    assert first.failure is not None
    assert first.failure.kind == "restarted"
    assert [request.in_words for request in rig.client.requests] == [False, False, True]
    assert (second.text, second.ending) == ("The quick brown fox jumps over the lazy dog.", Ending.COMPLETE)
    assert second.seams == (len(first.text),)


def test_a_server_that_is_not_back_yet_is_asked_again() -> None:
    down = ChatError(ErrorKind.SERVER, "starting", retry_after_s=2.0)
    _, found = sent(cut("One two "), [down], saying("three."))
    assert ended(found).text == "One two three."
    assert [event.in_s for event in found if isinstance(event, Resuming)][1] == 2.0


def test_three_resumes_and_no_more() -> None:
    rig, found = sent(cut("word "), cut("after "), cut("word. "), cut("end "), saying("never"))
    assert len(rig.client.requests) == 4
    assert (ended(found).text, ended(found).ending) == ("word after word. end ", Ending.INCOMPLETE)
    assert ended(found).seams == (5, 11, 17)


def test_an_error_in_mid_reply_is_the_servers_word_and_no_lost_connection() -> None:
    rig, found = sent([OpenedChunk(), TextChunk("Hello "), ChatError(ErrorKind.SERVER, "overloaded")])
    assert len(rig.client.requests) == 1
    assert (ended(found).text, ended(found).ending) == ("Hello ", Ending.ERROR)


def test_a_model_that_does_not_start_is_asked_once_more() -> None:
    options = TurnOptions(model="m", clocks=Clocks(first_token_s=5))
    rig, found = sent([OpenedChunk(), "hang"], options=options)
    assert len(rig.client.requests) == 2
    assert ended(found).ending is Ending.ERROR


def test_what_servers_ask_to_wait_has_a_limit_in_all() -> None:
    busy = ChatError(ErrorKind.RATE_LIMIT, "Rate limit", retry_after_s=45.0)
    rig, found = sent([busy])
    assert [event.in_s for event in found if isinstance(event, RetryScheduled)] == [45.0]
    assert len(rig.client.requests) == 2


@pytest.mark.parametrize(("limit", "asked"), [(50, 100), (None, None)])
def test_a_reply_that_was_cut_by_our_limit_is_continued_with_a_higher_one(
    limit: int | None, asked: int | None
) -> None:
    async def main() -> Rig:
        options = TurnOptions(model="m", parameters=Parameters(max_tokens=limit))
        rig = Rig(saying("Once ", reason="length"), saying("upon a time."), options=options)
        first = ended(await play(await rig.session.send("hi")))
        await play(await rig.session.resume(first.id))
        await play(await rig.session.send("more"))
        return rig

    limits = [request.parameters.max_tokens for request in run(main).client.requests]
    assert limits == [limit, asked, limit]


def test_a_partial_is_asked_for_without_its_half_character() -> None:
    async def main() -> tuple[Rig, Message]:
        rig = Rig(saying("na\ufffd", reason="length"), saying("ïve."))
        first = ended(await play(await rig.session.send("hi")))
        return rig, ended(await play(await rig.session.resume(first.id)))

    rig, reply = run(main)
    assert rig.client.requests[1].messages[-1].text == "na"
    assert reply.text == "naïve."


def test_text_that_turns_out_to_be_reasoning_leaves_the_reply() -> None:
    script: list[Step] = [
        OpenedChunk(),
        TextChunk("Let me "),
        RecastChunk(),
        ReasoningChunk("think."),
        TextChunk("Hi!"),
        FinishChunk("stop"),
    ]
    _, found = sent(script)
    assert replace(ended(found), created_at=0.0).text == "Hi!"
    assert ended(found).reasoning == "Let me think."
