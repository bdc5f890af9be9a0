"""A title is asked for beside the conversation, and what models put around one is taken away."""

from __future__ import annotations

import pytest
from support.scripted import HANG, Step, saying
from support.sessions import Rig, play

from llmhub_tui.domain.chunks import OpenedChunk, TextChunk
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.session.titles import cleaned


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Borrowing in Rust", "Borrowing in Rust"),
        ('"Borrowing in Rust."\n', "Borrowing in Rust"),
        ("\n**Title: Borrowing in Rust**\n\nI chose it because", "Borrowing in Rust"),
        ("# 「東京」の週末", "「東京」の週末"),
        ("\x1b]0;evil\x07", "␛]0;evil␇"),
        ("## Sorting in C#", "Sorting in C#"),
        ("w" * 500, "w" * 79 + "…"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_title_is_one_clean_line(answer: str, title: str) -> None:
    assert cleaned(answer) == title


async def test_the_request_for_a_title_is_no_part_of_the_conversation() -> None:
    rig = Rig(saying("An answer."), saying("The title"))
    await play(await rig.session.send("A long question about many things"))
    assert rig.session.has_title_of_words()
    assert await rig.session.ask_for_title() == "The title"
    assert "A long question" in rig.client.requests[1].messages[0].text
    assert "An answer." in rig.client.requests[1].messages[0].text
    assert len(rig.conversation) == 2


FAILING: list[Step] = [OpenedChunk(), ChatError(ErrorKind.SERVER, "down")]
ENDLESS: list[Step] = [OpenedChunk(), TextChunk("word " * 100), HANG]


@pytest.mark.parametrize(("script", "title"), [(FAILING, ""), (ENDLESS, ("word " * 100)[:79] + "…")])
async def test_a_failure_or_an_endless_answer_harms_nothing(script: list[Step], title: str) -> None:
    rig = Rig(saying("An answer."), script)
    await play(await rig.session.send("question"))
    assert await rig.session.ask_for_title() == title
    assert rig.client.closed == 2
