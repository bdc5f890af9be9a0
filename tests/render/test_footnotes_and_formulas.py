"""Footnotes gathered below the text, and LaTeX that can be read."""

from __future__ import annotations

import pytest
from render.test_document import lines_of, palette, shown, streamed

from llmhub_tui.render.document import MarkdownDocument, render_markdown
from llmhub_tui.render.math import readable_math

NOTES = """Text[^b] and more[^a], and again[^b].

[^a]: Defined first
    and goes on.

    ```py
    x = 1
    ```
[^b]: Defined *second*,
lazily.

Text behind the notes.

[^c]: Nobody refers to me.
"""


def test_footnotes_are_numbered_as_they_are_referred_to_and_stand_below_the_text() -> None:
    assert lines_of(NOTES) == [
        "Text[1] and more[2], and again[1].",
        "",
        "Text behind the notes.",
        "",
        "────────────",
        "[1]  Defined second, lazily.",
        "[2]  Defined first and goes on.",
        "",
        "     ▏ x = 1",
        "[3]  Nobody refers to me.",
    ]


@pytest.mark.parametrize("width", [1, 4, 5, 6, 12, 60])
def test_footnotes_stream_the_same(width: int) -> None:
    whole = render_markdown(NOTES, palette(), width)
    assert shown(streamed(NOTES, width, seed=width)) == shown(whole)
    assert all(whole.line(at).width <= width for at in range(len(whole)))


def test_footnotes_are_numbered_in_the_rows_of_a_table_that_grows() -> None:
    document = MarkdownDocument(palette(), 60)
    for line in ("| a | b |", "|---|---|", "| x[^one] | y |", "| z | w[^two] |", "", "Below it[^three]."):
        document.feed(line + "\n")
        document.flush()
    text = [document.line(at).text.rstrip() for at in range(len(document))]
    assert text[2:] == ["x[1] │ y", "z    │ w[2]", "", "Below it[3]."]


def test_a_footnote_stays_below_while_text_still_arrives_above_it() -> None:
    document = MarkdownDocument(palette(), 60)
    document.feed("One[^1].\n\n[^1]: The note.\n\nTwo")
    document.flush()
    assert [document.line(at).text for at in range(len(document))][-1] == "[1]  The note."
    assert [line.text for line in document.frozen] == ["One[1]."]


def test_links_in_footnotes_lead_where_they_say() -> None:
    document = render_markdown("a[^1]\n\n[^1]: [here](https://n.example) x", palette(), 60)
    [link] = document.line(len(document) - 1).links
    assert document.line(len(document) - 1).text[link.start : link.end] == "here"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", "(-b ± √(b² - 4ac))/2a"),
        (r"\sum_{i=0}^{n} x_i \leq \infty", "∑ᵢ₌₀ⁿ xᵢ ≤ ∞"),
        (r"\alpha \in \mathbb{R}^{n+1}", "α ∈ ℝⁿ⁺¹"),
        (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
        (r"\text{if } x \ne 0 \Rightarrow y", "if x ≠ 0 ⇒ y"),
        (r"A = \begin{pmatrix} a & b \\ c & d \\ \end{pmatrix}, \vec b", "A = (a b; c d), b\u20d7"),
        (r"\begin{bmatrix} a + b & \frac{1}{2} \\ c & d", "[a + b, 1/2; c, d]"),
        (r"f = \begin{cases} 1 & x > 0 \\ 0 & x = 0 \end{cases}", "f =\n1 x > 0\n0 x = 0"),
        (r"\left( \lim_{x \to 0} \sin x \right)", "( lim_(x → 0) sin x )"),
        (r"\hat{x} \cdot \vec v", "x\u0302 · v\u20d7"),
        (r"\unknown{a} \{b\} c\,d", r"\unknowna {b} c d"),
        ("x^", "x^"),
        (r"x^2 + \frac{b}{a}x = \frac12 (y) - \frac{1}{2} \cdot z", "x² + (b/a)x = (1/2) (y) - 1/2 · z"),
        (r"\boxed{x_{1,2} = a_{i, j}} \tag{3}", "x₁,₂ = aᵢ,ⱼ (3)"),
        (r"\|A^\top x^*\| + 90^\circ", "‖Aᵀ x*‖ + 90°"),
        (r"\max_{i} \min x", "maxᵢ min x"),
        ("{{{{", ""),
        ("}}a", "}}a"),
        (r"\frac", "/"),
    ],
)
def test_a_formula_can_be_read(source: str, text: str) -> None:
    assert readable_math(source) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (r"It is $a_1 + b_2$ and \(x^2\).", ["It is a₁ + b₂ and x²."]),
        ("It costs $5 and $6, or $10M to $20M.", ["It costs $5 and $6, or $10M to $20M."]),
        ("`$a$` and \\$b\\$ and $HOME/bin", ["$a$ and $b$ and $HOME/bin"]),
        ("So:\n$$\nx\n= y\n$$\nis it.", ["So:", "x = y", "is it."]),
        ("\\[\na_1\n- b\n\\]", ["a₁ - b"]),
        ("$$x^2$$", ["x²"]),
        ("- a\n  $$\n  \\pi\n  $$\n- b", ["• a", "  π", "• b"]),
        ("$$\nnever closed\n\ntext", ["$$ never closed", "", "text"]),
        ("$$\n\nx = 1\n\ny = 2\n$$\nend", ["x = 1 y = 2", "end"]),
        ("\\[\nx_1\n\\], where $x$ is.", ["x₁", ", where x is."]),
        ("$$\nx_1\n$$.\n", ["x₁."]),
        ("$$x = 1", ["x = 1"]),
        ("So\n\\begin{align*}\na &= b \\\\\n  &= c\n\\end{align*}\nend.", ["So", "a = b", "= c", "end."]),
        ("\\begin{equation}\nand then some words follow", ["\\begin{equation} and then some words follow"]),
        ("$$", []),
        ("$$\nx = 1\n```\ncode\n```", ["x = 1", "", "▏ code"]),
        ("\\[ x = 1\n\n- **a**\n- b\n\nc", ["x = 1", "", "• a", "• b", "", "c"]),
        ("$$ is what we pay for it.\nMore.", ["$$ is what we pay for it. More."]),
        ("\\[\nand then some words follow\n- b", ["\\[ and then some words follow", "• b"]),
        ("- $$\n  x = 1\n- b\n\nc", ["• x = 1", "• b", "", "c"]),
        ("> $$\n> x = 1\n\nc", ["▌ x = 1", "", "c"]),
        ("$$\nx = 1\n[^n]: note", ["x = 1", "", "─" * 12, "[1]  note"]),
        (
            f"$$ {'x + ' * 100} x_1 $$",
            [" ".join(["x +"] * 15), *[" ".join(["x +"] * 15)] * 5, "x + " * 10 + "x₁"],
        ),
    ],
)
def test_formulas_in_a_reply_are_shown_readably(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines
    for width in (7, 60):
        assert shown(streamed(text, width, seed=3)) == shown(render_markdown(text, palette(), width))


@pytest.mark.parametrize("opening", ["$$", "\\["])
@pytest.mark.parametrize(
    "filling", ["x_{1} + y = 2\n", "x = 1\n\n", "Some words of a sentence here. ", "- b\n"]
)
def test_a_formula_that_is_never_closed_ends_soon_and_loses_nothing(opening: str, filling: str) -> None:
    text = f"Before.\n\n{opening}\n{filling * 2000}"
    document = MarkdownDocument(palette(), 60)
    for at in range(0, len(text), 1000):
        document.feed(text[at : at + 1000])
        document.flush()
        assert len("".join(line.text for line in document.tail)) < 5000
    document.finish()
    said = "".join(line.text for line in document.frozen)
    sign = next(sign for sign in ("y", "x", "words", "b") if sign in filling)
    assert said.count(sign) == 2000


def test_every_cell_of_a_wide_table_is_shown_however_narrow_the_pane() -> None:
    head = "|" + "|".join(f"h{at}" for at in range(30)) + "|"
    table = f"{head}\n|{'-|' * 30}\n|" + "|".join(f"v{at}" for at in range(30)) + "|"
    for width in (10, 40, 80):
        text = "\n".join(lines_of(table, width))
        assert all(f"h{at}" in text and f"v{at}" in text for at in range(30))


def test_a_table_too_wide_names_its_columns_in_every_row() -> None:
    table = "| name | what it does |\n|---|---|\n| `first` | something long |\n| second | |\n"
    assert lines_of(table, 13) == [
        "name: first",
        "what it does:",
        "something",
        "long",
        "────────",
        "name: second",
        "────────",
    ]
