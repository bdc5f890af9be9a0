"""What one-shot mode writes can't drive the terminal either; to a pipe it is the same text."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from support.bytecheck import flags
from support.hostile import CASES
from support.scripted import Step
from support.sessions import Rig

from llmhub_tui.ask.diagnostics import Diagnostics
from llmhub_tui.ask.oneshot import OneShot
from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, ReasoningChunk, TextChunk, ToolCallChunk
from llmhub_tui.domain.errors import ChatError, ErrorKind


async def played(steps: Sequence[Step], *, json_lines: bool) -> bytes:
    """Everything that a turn writes, to both streams."""
    out = io.StringIO()
    one_shot = OneShot(out, Diagnostics(out), json_lines=json_lines)
    await one_shot.play(await Rig(steps).session.send("hi"))
    return out.getvalue().replace("\t", " ").encode("utf-8")


@pytest.mark.parametrize("json_lines", [False, True])
async def test_no_reply_and_no_error_drives_the_terminal(json_lines: bool) -> None:
    for name, text in CASES.items():
        call = ToolCallChunk(0, text, text or "x", text)
        reply: list[Step] = [OpenedChunk(), ReasoningChunk(text), TextChunk(text), call, FinishChunk(text)]
        for steps in (reply, [ChatError(ErrorKind.AUTH, text, advice=text)]):
            assert (name, flags(await played(steps, json_lines=json_lines))) == (name, [])


async def test_a_sequence_that_comes_in_pieces_is_none() -> None:
    text = "".join(CASES.values())
    steps: list[Step] = [OpenedChunk(), *(TextChunk(char) for char in text[:4000]), FinishChunk("stop")]
    assert flags(await played(steps, json_lines=False)) == []
