"""What was measured as a table, and as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

HEAD = "| what | ours | floor | measured | bar | |\n|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    """One promise, and whether it is kept."""

    what: str
    value: float
    """What the bar is for: a ratio, or a quantity."""
    bar: float
    unit: str = ""
    ours: str = ""
    """What the ratio is made of."""
    floor: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.value <= self.bar

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        verdict = "PASS" if self.holds else "**over**"
        reached = f"{self.value:.3g}{unit} | {self.bar:g}{unit} | {verdict}"
        return f"| {self.what} | {self.ours} | {self.floor} | {reached} |"


def ratio(what: str, ours: float, floor: float, bar: float, unit: str = "s") -> Row:
    """A promise over a floor of the same run."""
    return Row(what, ours / floor, bar, "", f"{ours:.3g} {unit}", f"{floor:.3g} {unit}")


def table(rows: Sequence[Row]) -> str:
    """All rows as Markdown."""
    return "\n".join([HEAD, *(str(row) for row in rows)])


def plot(title: str, values: Mapping[str, float], unit: str) -> str:
    """Bars as SVG."""
    longest = max(values.values())
    bars = "".join(_bar(at, name, value, longest, unit) for at, (name, value) in enumerate(values.items()))
    height = 50 + 34 * len(values)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="{height}" font-family="sans-serif" '
        f'font-size="13" fill="#8b949e"><text x="10" y="22">{escape(title)}</text>{bars}</svg>\n'
    )


def _bar(at: int, label: str, value: float, longest: float, unit: str) -> str:
    y, width = 40 + at * 34, 420 * value / longest
    color = "#2f81f7" if at == 0 else "#8b949e"
    return (
        f'<text x="150" y="{y + 16}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="160" y="{y}" width="{width:.1f}" height="22" rx="3" fill="{color}"/>'
        f'<text x="{168 + width:.1f}" y="{y + 16}">{value:.2f} {unit}</text>'
    )
