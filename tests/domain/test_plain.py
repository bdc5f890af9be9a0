"""Text from outside can't drive a terminal, and honest text stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from support.corpus import HOSTILE
from support.hostile import CASES

from llmhub_tui.domain.plain import cells, plain, plain_line, printed

DANGEROUS = st.text(
    st.characters() | st.sampled_from("\x1b\x9b\x07\r\n\u202e\u2066\u200f\u2028\U000e0041\ud800\u0301")
)
HONEST = [
    "ASCII, tabs\tand\nlines",
    "naïve café — “quotes”",
    "日本語 한국어 العربية עברית हिन्दी ไทย",
    "👩\u200d🚀 👍🏽 🇩🇪 ❤\ufe0f",
    "e\u0301 n\u0303 Z\u030c",
    "क्\u200dष می\u200cخواهم ཧྲཱི་ שָׁלוֹם",
    "👨🏽\u200d👩🏽\u200d👧🏽\u200d👦🏽 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥",
]

IGNORABLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u200b\u2060\u2064\u2065\u206f\u3164\uffa0\ufff0\U0001bca0\U0001d173"
)
"""Default_Ignorable_Code_Point of Unicode, but selectors and joiners, which pictures need."""


def is_safe(text: str) -> bool:
    """Whether no terminal can be driven by it."""
    return not any(
        (ord(char) < 32 and char not in "\n\t")
        or 0x7F <= ord(char) < 0xA0
        or char in "\u061c\u200e\u200f\u2028\u2029\ufeff"
        or "\u202a" <= char <= "\u202e"
        or "\u2066" <= char <= "\u2069"
        or "\ud800" <= char <= "\udfff"
        or "\U000e0000" <= char <= "\U000e0fff"
        or char in IGNORABLE
        for char in text
    )


@given(DANGEROUS)
def test_nothing_dangerous_comes_through(text: str) -> None:
    clean = plain(text)
    assert is_safe(clean)
    assert plain(clean) == clean
    clean.encode("utf-8")


@pytest.mark.parametrize("text", [*HOSTILE, *CASES.values()], ids=lambda text: ascii(text[:20]))
def test_known_attacks_become_visible_text(text: str) -> None:
    assert is_safe(plain(text))


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert plain(text) is text
    assert all(cells(line) is line for line in text.replace("\t", " ").split("\n"))


@example("\u115f\u1160\u3164\uffa0")
@given(DANGEROUS)
def test_cells_take_nothing_that_has_no_place_in_them(text: str) -> None:
    painted = cells(text)
    assert is_safe(painted)
    assert "\n" not in painted
    assert "\t" not in painted
    assert cells(painted) == painted
    assert cell_len(painted) == cell_len(text.replace("\t", " ")) or not text.isprintable()


def test_clean_ascii_is_not_even_copied() -> None:
    text = "words " * 100
    assert plain(text) is text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\x9bb", "a\ufffdb"),
        ("a\r\nb\rc\x85d\u2028e", "a\nb\nc\nd\ne"),
        ("evil\u202egnp.exe", "evil\ufffdgnp.exe"),
        ("a\u200bb\ufeffc", "abc"),
        ("e" + "\u0301" * 50 + "x", "e" + "\u0301" * 6 + "x"),
        ("Z" + "\u0e47\u20dd" * 50, "Z" + "\u0e47\u20dd" * 3),
        ("❤\ufe0f\ufe0f\ufe01x", "❤\ufe0fx"),
        ("a\u200db\u200dc", "abc"),
        ("a\u3164b\u115fc", "a\ufffdb\ufffdc"),
        ("a\u034fb\u17b4c\U0001d173d\u2065e\U000e0fffg", "abcdeg"),
        ("\U0010eeee", "\ufffd"),
    ],
)
def test_what_is_dangerous_can_be_seen(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(DANGEROUS)
def test_what_is_printed_is_safe_without_another_wall(text: str) -> None:
    assert is_safe(printed(text))
    assert printed(plain(text)) == plain(text)


@given(DANGEROUS, st.integers(1, 40))
def test_a_line_is_one_line_and_no_longer_than_its_limit(text: str, limit: int) -> None:
    line = plain_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line
    assert is_safe(line)
