"""Deltas become whole words: nothing is lost, doubled, split, or held for long."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from llmhub_tui.domain.words import WordBuffer

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NATURAL = st.text(st.sampled_from("abc déf \n\t.,e\u0301猫犬、カ한👩\u200d🚀👍🏽🇩🇪ना\r"), max_size=80)


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    """A text in pieces."""
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(places)]


def fed(pieces: list[str]) -> tuple[list[str], str]:
    """What comes out, and what is held at the end."""
    words = WordBuffer()
    return [out for piece in pieces if (out := words.feed(piece))], words.flush()


@given(ANY | NATURAL, st.lists(st.integers(0, 80), max_size=20))
def test_the_output_is_the_input(text: str, cuts: list[int]) -> None:
    out, rest = fed(pieces_of(text, cuts))
    assert "".join(out) + rest == text


@given(NATURAL, st.lists(st.integers(0, 80), max_size=20))
def test_no_word_and_no_cluster_is_split(text: str, cuts: list[int]) -> None:
    out, _ = fed(pieces_of(text, cuts))
    clusters = list(iter_graphemes(text))
    ends = list(accumulate(len(cluster) for cluster in clusters))
    at = 0
    for piece in out:
        at += len(piece)
        assert at in ends
        before, after = clusters[ends.index(at)], clusters[ends.index(at) + 1]
        wide = any("\u3000" <= cluster[0] <= "\u9fff" for cluster in (before, after))
        assert before.isspace() or after.isspace() or wide


@pytest.mark.parametrize(
    ("deltas", "out"),
    [
        (["Hel", "lo wor", "ld"], ["Hello "]),
        (["Hello ", "world "], ["Hello", " world"]),
        (["猫が", "好き"], ["猫", "が好"]),
        (["e", "\u0301 x"], ["e\u0301 "]),
        (["a \U0001f469", "\u200d", "\U0001f680 b"], ["a ", "\U0001f469\u200d\U0001f680 "]),
        (["one two three"], ["one two "]),
    ],
)
def test_whole_words_come_out(deltas: list[str], out: list[str]) -> None:
    assert fed(deltas)[0] == out


@given(st.integers(1, 50))
def test_a_run_without_blanks_is_let_out_at_last(size: int) -> None:
    words, held = WordBuffer(), 0
    for _ in range(2000 // size):
        held += size - len(words.feed("x" * size))
        assert held <= 256 + size


def test_it_knows_since_when_it_holds() -> None:
    words = WordBuffer()
    seen = [words.since]
    for delta, now in (("Hel", 1.0), ("lo", 2.0), (" wor", 3.0)):
        words.feed(delta, now)
        seen.append(words.since)
    words.flush()
    assert [*seen, words.since] == [None, 1.0, 1.0, 3.0, None]


def test_a_great_delta_is_cut_near_its_end() -> None:
    words = WordBuffer()
    text = "word " * 200_000 + "unfinis"
    out = words.feed(text)
    assert out == text.removesuffix("unfinis")
    assert words.feed("hed. ") == "unfinished."
