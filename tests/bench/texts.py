"""What replies are made of, in every shape, as long as one wants them."""

from __future__ import annotations

from collections.abc import Callable

WORDS = "the quick brown fox jumps over a lazy dog while many other animals watch it from afar and wonder"


def words(at: int, count: int) -> str:
    """Some words."""
    known = WORDS.split(" ")
    return " ".join(known[(at + number) % len(known)] for number in range(count))


def repeated(part: Callable[[int], str], per_part: int, joint: str) -> Callable[[int], str]:
    """A text of about so many tokens."""
    return lambda tokens: joint.join(part(at) for at in range(max(1, tokens // per_part)))


def _fence(tokens: int) -> str:
    line = "    value_{0} = compute({0}, 'text') + other[{0}]  # note"
    return "```python\n" + "\n".join(line.format(at) for at in range(tokens // 14)) + "\n```\n"


def _table(tokens: int) -> str:
    rows = (f"| {words(at, 1)} {at} | {words(at, 3)} | {at} |" for at in range(tokens // 11))
    return "| a | b | c |\n|---|---|---|\n" + "\n".join(rows)


def _mixed_part(at: int) -> str:
    items = "\n".join(f"- **item {number}** {words(at + number, 9)}" for number in range(5))
    code = "\n".join(f"    total_{number} = add(total_{number}, '{at}')  # step" for number in range(14))
    rows = "\n".join(
        f"| {words(at + number, 2)} | {number * at} | {words(number, 3)} |" for number in range(6)
    )
    return (
        f"## Head {at}\n\nSome *text* with `code` and {words(at, 70)}.\n\n{items}\n\n"
        f"```python\ndef step(total):\n{code}\n```\n\n{words(at + 3, 60)}.\n\n"
        f"| what | many | why |\n|---|---:|---|\n{rows}\n\n> {words(at, 20)}"
    )


mixed = repeated(_mixed_part, 560, "\n\n")
STYLES: dict[str, Callable[[int], str]] = {
    "prose": repeated(lambda at: words(at, 60) + ".", 80, "\n\n"),
    "mixed": mixed,
    "one paragraph": repeated(lambda at: words(at, 12) + ".", 16, " "),
    "one fence": _fence,
    "one list": repeated(lambda at: f"- item {at} {words(at, 8)}", 13, "\n"),
    "one table": _table,
    "small blocks": repeated(lambda at: f"## Head {at}\n\nShort **para** {words(at, 1)}.", 9, "\n\n"),
}
HOSTILE: dict[str, str] = {
    "one line of a megabyte": "word " * 200_000,
    "brackets": "[" * 100_000,
    "pictures": "![" * 50_000,
    "links without an end": "[a](" * 25_000,
    "emphasis without an end": "**a " * 25_000,
    "underscores": "_a" * 50_000,
    "code spans of every length": " ".join("`" * at for at in range(1, 600)),
    "quotes in quotes": "> " * 10_000 + "deep",
    "lists in lists": "".join("  " * at + f"- l{at}\n" for at in range(600)),
    "comments without an end": "<!-- " * 20_000,
    "a wide table": ("|" + "h|" * 200 + "\n|" + "-|" * 200 + "\n" + ("|" + "x|" * 200 + "\n") * 40),
    "bars": "|" * 100_000,
    "headings": "# h\n" * 20_000,
    "paragraphs": "para\n\n" * 20_000,
    "one line of code": "```json\n" + '{"a":[1,2,3],"b":"c"},' * 20_000 + "\n```\n",
    "code without an end": "```py\n" + "a = 1\n" * 10_000,
    "links that are defined": "".join(f"[r{at}]: https://e.example/{at}\n" for at in range(5_000))
    + "".join(f"[r{at}] " for at in range(5_000)),
    "links that are defined later": "".join(f"[r{at}] " for at in range(5_000))
    + "\n\n"
    + "".join(f"[r{at}]: https://e.example/{at}\n" for at in range(5_000)),
    "footnotes": "".join(f"a[^{at}]\n\n[^{at}]: note {at}\n\n" for at in range(3_000)),
    "dollars": "$a" * 50_000,
    "formulas": "$$\n" + "\\frac{" * 10_000 + "\n$$",
    "addresses": "https://e.example/x " * 5_000,
    "a chain of joiners": "\U0001f468\u200d" * 50_000,
    "CJK without a stop": "\u6f22" * 100_000,
    "backslashes": "\\" * 100_000,
    "line ends": "\r" * 1_000_000,
    "spaces": " " * 500_000,
    "tabs": "\t" * 100_000,
}
"""Texts that make a parser slow which looks back, or looks ahead."""
