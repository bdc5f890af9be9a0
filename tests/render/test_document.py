"""However a reply arrives, its lines are those of the whole text at once."""

from __future__ import annotations

import random
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from support.corpus import HOSTILE, SNIPPETS
from textual.theme import BUILTIN_THEMES

from llmhub_tui.render.document import MarkdownDocument, render_markdown
from llmhub_tui.render.lines import Line
from llmhub_tui.render.palette import Palette
from llmhub_tui.render.text import render_plain

Shown = list[tuple[object, ...]]


@cache
def palette() -> Palette:
    """The styles of a real theme."""
    return Palette.from_colors(BUILTIN_THEMES["textual-dark"].to_color_system().generate())


def shown(document: MarkdownDocument) -> Shown:
    """Everything that can be seen or copied of a document."""
    return [of_line(document.line(at)) for at in range(len(document))]


def of_line(line: Line) -> tuple[object, ...]:
    """A line's text with its style at each character, its links, and how it is copied."""
    styled = [(char, str(part.style)) for part in line.strip for char in part.text]
    return (styled, line.links, line.joiner, line.code, line.indent)


def streamed(text: str, width: int, seed: int) -> MarkdownDocument:
    """A document that gets its text in random pieces, with a flush after each."""
    chance = random.Random(seed)
    document = MarkdownDocument(palette(), width)
    sizes = [1, 1, 2, 3, 8, 30, 200] if len(text) < 800 else [1, 7, 60, 300, 900]
    at = 0
    while at < len(text):
        size = chance.choice(sizes)
        frozen = list(document.frozen)
        document.feed(text[at : at + size])
        document.flush()
        assert all(before is after for before, after in zip(frozen, document.frozen, strict=False))
        at += size
    document.finish()
    return document


@pytest.mark.parametrize("width", [8, 20, 61, 120])
@pytest.mark.parametrize("text", SNIPPETS + HOSTILE, ids=lambda text: repr(text[:20]))
def test_streaming_gives_the_lines_of_the_whole(text: str, width: int) -> None:
    whole = shown(render_markdown(text, palette(), width))
    assert shown(streamed(text, width, seed=width)) == whole


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=5),
    st.sampled_from(["\n", "\n\n", " ", "\n> ", "\n- "]),
    st.integers(1, 120),
    st.integers(0, 10**6),
)
def test_any_mixture_streams_the_same(parts: list[str], joint: str, width: int, seed: int) -> None:
    text = joint.join(parts)
    assert shown(streamed(text, width, seed)) == shown(render_markdown(text, palette(), width))


@settings(max_examples=60)
@given(
    st.text(st.sampled_from("ab #*_`~[]()<>!|-+1.:\n\t\\&>$'\"=^e\u0301猫"), max_size=120), st.integers(1, 40)
)
def test_any_text_streams_the_same(text: str, width: int) -> None:
    assert shown(streamed(text, width, seed=1)) == shown(render_markdown(text, palette(), width))


@pytest.mark.parametrize("width", [1, 2, 5, 20, 80])
@pytest.mark.parametrize("text", SNIPPETS + HOSTILE, ids=lambda text: repr(text[:20]))
def test_no_line_is_wider_than_the_pane(text: str, width: int) -> None:
    document = render_markdown(text, palette(), width)
    assert all(document.line(at).strip.cell_length <= width for at in range(len(document)))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_nothing_that_drives_a_terminal_comes_through(text: str) -> None:
    for document_lines in (
        render_markdown(text, palette(), 60).frozen,
        render_plain(text, palette().text, 60),
    ):
        for line in document_lines:
            seen = line.strip.text + "".join(link.url for link in line.links)
            assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in seen), repr(seen)
            assert not any(char in "\u202e\u2066\u200f\u2028\U000e0041" for char in seen)
            assert all(
                part.style is None or (not part.style.link and not part.style.meta) for part in line.strip
            )


def copied(text: str, width: int) -> str:
    """What copying all lines gives."""
    document = render_markdown(text, palette(), width)
    lines = [document.line(at) for at in range(len(document))]
    return "".join(line.strip.text[line.indent :].rstrip("\n") + line.joiner for line in lines)


def test_a_wrapped_paragraph_is_copied_without_its_line_ends() -> None:
    text = "These words are wrapped here, and copied as one line of text."
    assert copied(text, 12) == text + "\n"


def test_code_is_copied_as_it_is() -> None:
    document = render_markdown("```py\nif x:\n    y = 'a very long line of code'\n```", palette(), 16)
    assert document.code(0) == "if x:\n    y = 'a very long line of code'"
    assert copied("```py\nif x:\n    y = 'a very long line of code'\n```", 16) == document.code(0) + "\n"


def lines_of(text: str, width: int = 60) -> list[str]:
    """The text of each line."""
    document = render_markdown(text, palette(), width)
    return [document.line(at).strip.text.rstrip() for at in range(len(document))]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- a\n  - b\n- [x] c", ["• a", "  ◦ b", "☑ c"]),
        ("1. a\n2. b", ["1. a", "2. b"]),
        ("> a\n> b", ["▌ a b"]),
        ("> [!TIP]\n> x", ["▌ ✦ Tip", "▌ x"]),
        ("> [!note]  \n> x", ["▌ ✎ Note", "▌ x"]),
        ("> [!IMPORTANT]\n> x", ["▌ ❢ Important", "▌ x"]),
        ("> [!WARNING]\n> x", ["▌ ⚠ Warning", "▌ x"]),
        ("> [!CAUTION]\n> x", ["▌ ⊗ Caution", "▌ x"]),
        ("> [!NOTE] My title\n> x", ["▌ [!NOTE] My title x"]),
        ("> [!HINT]\n> x", ["▌ [!HINT] x"]),
        ("> x\n> [!NOTE]\n> y", ["▌ x [!NOTE] y"]),
        ("a\n\n---\n\nb", ["a", "", "─" * 60, "", "b"]),
        ("| a | b |\n|--:|---|\n| 10 | x |", [" a │ b", "───┼──", "10 │ x"]),
        ("[x](javascript:y)", ["[x](javascript:y)"]),
        ("![cat](https://c.example/c.png)", ["[image: cat]"]),
        ("<b>x</b>", ["<b>x</b>"]),
        ("a\n<ol>\n<li>*x*</li>\n<li>`*`</li>\n", ["a", "<ol>", "<li>*x*</li>", "<li>`*`</li>"]),
        (
            "<details>\n<summary>*x* &amp; y</summary>\n\n*z*\n\n</details>\n---\n",
            ["<details>", "<summary>*x* & y</summary>", "", "z", "", "</details>", "", "─" * 60],
        ),
        ("a<br>b<BR/>c <think>*d*</think>", ["a", "b", "c <think>d</think>"]),
        ("[/] [bold]x", ["[/] [bold]x"]),
        ("1. a\n1. b\n\n   c\n1. d", ["1. a", "2. b", "", "   c", "3. d"]),
        ("3. a\n9. b\n\ntext\n\n1. c", ["3. a", "4. b", "", "text", "", "1. c"]),
        ("1. a\n   1. x\n   1. y\n1. b\n   1. z", ["1. a", "   1. x", "   2. y", "2. b", "   1. z"]),
        ("1. a\n2.\n3. c", ["1. a", "2.", "3. c"]),
        ("a<!-- *x* --> <b a='*'>*c*</b>", ["a<!-- *x* --> <b a='*'>c</b>"]),
        ("![a *b* c](https://c.example/c.png)", ["[image: a b c]"]),
        ("> a\n>\n> - b\n>   c", ["▌ a", "▌", "▌ • b c"]),
        (
            "- a\n  > b\n  >\n  > c\n  > > d\n  > >\n  > > e",
            ["• a", "  ▌ b", "  ▌", "  ▌ c", *["  ▌ ▌ d", "  ▌ ▌", "  ▌ ▌ e"]],
        ),
        ("~~gone~~ a  \nb\\\nc", ["gone a", "b", "c"]),
    ],
)
def test_markdown_looks_as_a_reader_expects(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_the_sign_of_an_alert_takes_one_cell_everywhere_and_is_not_copied(kind: str) -> None:
    line = render_markdown(f"> [!{kind}]\n> x", palette(), 40).frozen[0]
    sign = line.text[2]
    assert unicodedata.east_asian_width(sign) == "N" and cell_len(sign) == 1
    assert line.text[line.indent :] == kind.capitalize()


def test_links_lead_only_where_browsers_and_mail_go() -> None:
    text = "[a](https://a.example) <mailto:x@y.example> [c](file:///etc/passwd) https://d.example/x."
    [line] = render_markdown(text, palette(), 100).frozen
    assert [link.url for link in line.links] == [
        "https://a.example",
        "mailto:x@y.example",
        "https://d.example/x",
    ]
    assert "file:///etc/passwd" in line.strip.text


def test_a_link_whose_target_comes_later_is_set_right_at_the_end() -> None:
    document = MarkdownDocument(palette(), 60)
    document.feed("See [docs].\n\nMore text.\n\n")
    document.flush()
    assert document.line(0).links == ()
    document.feed("[docs]: https://d.example\n")
    assert document.finish() == 0
    assert [link.url for link in document.line(0).links] == ["https://d.example"]


def test_code_keeps_its_state_from_line_to_line() -> None:
    document = render_markdown('```python\n"""a\nb\n"""\nx = 1\n```', palette(), 40)
    styles = [
        {str(part.style) for part in document.line(at).strip if part.text.strip("▏ ")} for at in range(4)
    ]
    assert styles[0] == styles[1] == styles[2] == {str(palette().string)}
    assert str(palette().number) in styles[3]


def test_a_change_shows_what_it_adds_and_what_it_takes_away() -> None:
    document = render_markdown("```diff\n@@ 1 @@\n-a\n+b\n c\n```", palette(), 40)
    styles = [[str(part.style) for part in document.line(at).strip][-1] for at in range(4)]
    assert styles[1:] == [str(palette().deleted), str(palette().string), str(palette().code)]


def test_a_narrow_table_breaks_no_word_where_it_can_do_without() -> None:
    table = "| a | accelerated |\n|---|---|\n| some words in a row | x |\n| more words in a row | y |"
    assert lines_of(table, 24) == [
        "a          │ accelerated",
        "───────────┼────────────",
        "some words │ x",
        "in a row   │",
        "more words │ y",
        "in a row   │",
    ]
