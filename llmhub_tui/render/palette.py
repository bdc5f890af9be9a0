"""The styles of every part of a reply, made from a theme's colors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.color import Color, ColorParseError, blend_rgb
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
    formula: Style
    quote: Style
    rule: Style
    marker: Style
    """List markers and table borders."""
    note: Style
    tip: Style
    important: Style
    warning: Style
    caution: Style
    keyword: Style
    string: Style
    number: Style
    comment: Style
    function: Style
    type: Style
    operator: Style
    deleted: Style
    """Lines that a change takes away; those that it adds look like strings."""

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

        muted = Style(color=_between(colors.get("background", ""), colors.get("foreground", "")))
        return cls(
            text=style("foreground"),
            muted=muted,
            heading=(
                style("text-primary", bold=True, underline=True),
                style("text-primary", bold=True),
                style("text-accent", bold=True),
            ),
            code_inline=style("text-accent"),
            code=style("foreground"),
            link=style("text-primary", underline=True),
            formula=style("foreground", italic=True),
            quote=style("text-secondary"),
            rule=muted,
            marker=style("text-primary"),
            note=style("text-primary", bold=True),
            tip=style("text-success", bold=True),
            important=style("text-accent", bold=True),
            warning=style("text-warning", bold=True),
            caution=style("text-error", bold=True),
            keyword=style("text-primary", bold=True),
            string=style("text-success"),
            number=style("text-warning"),
            comment=muted + Style(italic=True),
            function=style("text-accent"),
            type=style("text-secondary"),
            operator=style("foreground"),
            deleted=style("text-error"),
        )


def _between(background: str, foreground: str) -> Color | None:
    """A color for text that matters less: most of the way from the background to the foreground."""
    ends = _color(background), _color(foreground)
    if ends[0] is None or ends[1] is None or ends[0].triplet is None or ends[1].triplet is None:
        return None
    return Color.from_triplet(blend_rgb(ends[0].triplet, ends[1].triplet, 0.6))


def _color(value: str) -> Color | None:
    """A theme's color; `None` for one that depends on what is behind it."""
    try:
        return Color.parse(value[:7]) if value.startswith("#") else Color.parse(value)
    except ColorParseError:
        return None
