"""What Markdown costs the renderer, by the length of the reply and by what it is made of."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from textual.theme import BUILTIN_THEMES

from llmhub_tui.render.document import MarkdownDocument
from llmhub_tui.render.palette import Palette

WORDS = [
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "a",
    "lazy",
    "dog",
    "while",
    "many",
    "other",
    "animals",
    "watch",
    "it",
    "from",
    "afar",
]
FEW, MANY = 1_000, 64_000
"""Tokens of a short and of a long reply."""


def words(at: int, count: int) -> str:
    """Some words."""
    return " ".join(WORDS[(at + number) % len(WORDS)] for number in range(count))


def repeated(part: Callable[[int], str], per_part: int, joint: str) -> Callable[[int], str]:
    """A text of about so many tokens."""
    return lambda tokens: joint.join(part(at) for at in range(max(1, tokens // per_part)))


STYLES: dict[str, Callable[[int], str]] = {
    "prose": repeated(lambda at: words(at, 60) + ".", 80, "\n\n"),
    "one paragraph": repeated(lambda at: words(at, 12) + ".", 16, " "),
    "one fence": lambda tokens: (
        "```python\n"
        + "\n".join(
            f"    value_{at} = compute({at}, 'text') + other[{at}]  # note" for at in range(tokens // 14)
        )
        + "\n```\n"
    ),
    "one list": repeated(lambda at: f"- item {at} {words(at, 8)}", 13, "\n"),
    "one table": lambda tokens: (
        "| a | b | c |\n|---|---|---|\n"
        + "\n".join(f"| {words(at, 1)} {at} | {words(at, 3)} | {at} |" for at in range(tokens // 11))
    ),
    "small blocks": repeated(lambda at: f"## Head {at}\n\nShort **para** {words(at, 1)}.", 9, "\n\n"),
    "mixed": repeated(
        lambda at: (
            f"## Head {at}\n\nSome *text* with `code` and {words(at, 20)}.\n\n- a {at}\n- b\n\n"
            f"```py\nx = {at}\ny = f(x)\n```"
        ),
        55,
        "\n\n",
    ),
}


def cpu_per_1000(text: str) -> float:
    """CPU seconds for each thousand tokens of a reply that is flushed thirty times a second."""
    palette = Palette.from_colors(BUILTIN_THEMES["textual-dark"].to_color_system().generate())
    tokens = re.findall(r"\s*\S{1,6}", text)
    document = MarkdownDocument(palette, 110)
    began = time.process_time()
    for at in range(0, len(tokens), 3):
        document.feed("".join(tokens[at : at + 3]))
        document.flush()
    document.finish()
    return (time.process_time() - began) / len(tokens) * 1000


def growth() -> dict[str, tuple[float, float]]:
    """For each style: CPU per thousand tokens in a short and in a long reply; best of three."""
    return {
        name: (
            min(cpu_per_1000(text(FEW)) for _ in range(3)),
            min(cpu_per_1000(text(MANY)) for _ in range(1)),
        )
        for name, text in STYLES.items()
    }
