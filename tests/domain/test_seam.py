"""A resumed reply is joined to its partial: nothing doubled, nothing lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmhub_tui.domain.seam import Joint, Seam, resumable

WORDS = [
    "river",
    "mountain",
    "quickly",
    "seven",
    "lantern",
    "under",
    "paper",
    "whisper",
    "garden",
    "bridge",
    "orange",
    "silent",
    "engine",
    "cloud",
]
PROSE = st.lists(st.sampled_from(WORDS), min_size=12, max_size=60, unique_by=None).map(
    lambda words: " ".join(f"{word}{at}" for at, word in enumerate(words)) + "."
)


def joined(partial: str, rest: str, cuts: list[int]) -> tuple[str, Joint]:
    """The reply, with the continuation in pieces."""
    seam = Seam(partial)
    places = sorted({min(cut, len(rest)) for cut in cuts} | {0, len(rest)})
    out = "".join(seam.feed(rest[a:b]) for a, b in pairwise(places))
    return partial + out + seam.flush(), seam.joint


CUTS = st.lists(st.integers(0, 400), max_size=12)


@settings(max_examples=150)
@given(PROSE, st.data(), CUTS)
def test_a_server_that_continues_exactly(text: str, data: st.DataObject, cuts: list[int]) -> None:
    at = data.draw(st.integers(1, len(text) - 1))
    assert joined(text[:at], text[at:], cuts)[0] == text


@settings(max_examples=150)
@given(PROSE, st.data(), CUTS)
def test_a_server_that_repeats_the_last_words(text: str, data: st.DataObject, cuts: list[int]) -> None:
    at = data.draw(st.integers(20, len(text) - 1))
    back = data.draw(st.integers(10, min(at, 120)))
    found, joint = joined(text[:at], text[at - back :], cuts)
    assert found == text
    assert joint is Joint.ECHOED


@settings(max_examples=150)
@given(PROSE, st.data(), CUTS)
def test_a_server_that_starts_again_with_the_same_words(
    text: str, data: st.DataObject, cuts: list[int]
) -> None:
    at = data.draw(st.integers(8, len(text) - 1))
    found, joint = joined(text[:at], text, cuts)
    assert found == text
    assert joint is Joint.ECHOED


@settings(max_examples=100)
@given(PROSE, st.data(), CUTS)
def test_a_server_that_starts_again_and_says_something_else(
    text: str, data: st.DataObject, cuts: list[int]
) -> None:
    at = data.draw(st.integers(60, len(text) - 1))
    same = data.draw(st.integers(45, at - 10))
    found, joint = joined(text[:at], text[:same] + "§ and now for another thing", cuts)
    assert joint is Joint.DIVERGED
    assert found.startswith(text[:at])


@pytest.mark.parametrize(
    ("partial", "rest", "whole"),
    [
        ("The the", " theory", "The the theory"),
        ("=" * 30, "=" * 10, "=" * 40),
        ("ha ha ha ha ", "ha ha ha!", "ha ha ha ha ha ha ha!"),
        ("Once upon a ti", "me there was", "Once upon a time there was"),
        ("猫が好きです。犬も", "好きです。", "猫が好きです。犬も好きです。"),
        ("", "anything", "anything"),
        ("Hello! I am a t", "Hello! I am a tiny model.", "Hello! I am a tiny model."),
        ("Hello! I am a t", "iny model.", "Hello! I am a tiny model."),
    ],
)
def test_particular_seams(partial: str, rest: str, whole: str) -> None:
    for cuts in ([], list(range(60)), [3]):
        assert joined(partial, rest, cuts)[0] == whole


def test_text_that_repeats_itself_anyway_is_no_echo() -> None:
    partial = "x = 0\na = load(1)\nb = load(2)\na = load(1)\n"
    assert joined(partial, "a = load(1)\nc = 3\n", []) == (partial + "a = load(1)\nc = 3\n", Joint.CONTINUED)


@pytest.mark.parametrize(
    ("partial", "asked"),
    [
        ("Once upon", "Once upon"),
        ("na\ufffd", "na"),
        ("half \ud83d", "half "),
        ("<think>\nLet me see", ""),
        ("<think>so</think>\n\nYes", "<think>so</think>\n\nYes"),
        ("the <think> tag", "the <think> tag"),
    ],
)
def test_half_characters_and_open_thoughts_are_not_continued(partial: str, asked: str) -> None:
    assert resumable(partial) == asked


def test_a_continuation_that_ends_within_the_echo_adds_nothing() -> None:
    assert (
        joined("A partial reply of some length", "A partial reply", [])[0] == "A partial reply of some length"
    )
