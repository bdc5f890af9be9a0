"""The styles of every part of a reply, made from a theme's colors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.color import Color, ColorParseError
from rich.style import Style


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles by role; each is complete but for the background, which is the pane's."""

    text: Style
    muted: Style
    heading: tuple[Style, Style, Style]
    """For the first, the second, and all further levels."""
    code_inline: Style
    code: Style
    link: Style
    quote: Style
    rule: Style
    marker: Style
    """List markers and table borders."""
    note: Style
    tip: Style
    warning: Style
    caution: Style
    keyword: Style
    string: Style
    number: Style
    comment: Style
    function: Style
    type: Style
    operator: Style

    @classmethod
    def from_colors(cls, colors: Mapping[str, str]) -> Palette:
        """Takes the variables of a Textual theme."""

        def style(name: str, *, bold: bool = False, italic: bool = False, underline: bool = False) -> Style:
            return Style(
                color=_color(colors.get(name, "")),
                bold=bold or None,
                italic=italic or None,
                underline=underline or None,
            )

        return cls(
            text=style("foreground"),
            muted=style("foreground-darken-3"),
            heading=(
                style("text-primary", bold=True, underline=True),
                style("text-primary", bold=True),
                style("text-accent", bold=True),
            ),
            code_inline=style("text-accent"),
            code=style("foreground"),
            link=style("text-primary", underline=True),
            quote=style("text-secondary"),
            rule=style("foreground-darken-3"),
            marker=style("text-primary"),
            note=style("text-primary", bold=True),
            tip=style("text-success", bold=True),
            warning=style("text-warning", bold=True),
            caution=style("text-error", bold=True),
            keyword=style("text-primary", bold=True),
            string=style("text-success"),
            number=style("text-warning"),
            comment=style("foreground-darken-3", italic=True),
            function=style("text-accent"),
            type=style("text-secondary"),
            operator=style("foreground"),
        )


def _color(value: str) -> Color | None:
    """A theme's color; `None` for one that depends on what is behind it."""
    try:
        return Color.parse(value[:7]) if value.startswith("#") else Color.parse(value)
    except ColorParseError:
        return None
