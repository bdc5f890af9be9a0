"""A paragraph's source as styled runs: emphasis, code, links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.style import Style

from llmhub_tui.domain.plain import plain, plain_line
from llmhub_tui.render.palette import Palette
from llmhub_tui.render.wrap import Run

_PARSER: Final = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")
_PARSER.disable("html_inline")
_URL: Final = re.compile(r"https?://[^\s<>\"`]+[^\s<>\"`.,;:!?)\]}'*_]")
_FOOTNOTE: Final = re.compile(r"\[\^([^\]\s]{1,40})\]")
_OPENABLE: Final = ("http://", "https://", "mailto:")

References = Mapping[str, str]
"""Labels of reference links, upper case, to their targets."""


def parse_inline(source: str, palette: Palette, base: Style, references: References) -> list[Run]:
    """The runs of one paragraph, heading or table cell.

    Args:
        source: Markdown, already free of what could drive a terminal.
        palette: the styles.
        base: the style of plain text here.
        references: the targets of reference links that are known.
    """
    if source.isalnum():
        return [Run(source, base)]
    env: dict[str, Any] = {
        "references": {label: {"title": "", "href": href} for label, href in references.items()}
    }
    tokens = _PARSER.parseInline(source, env)
    return _Reader(palette, base).read(tokens[0].children or [] if tokens else [])


class _Reader:
    """Walks over markdown-it's tokens with the styles that are open."""

    def __init__(self, palette: Palette, base: Style) -> None:
        self._palette = palette
        self._styles = [base]
        self._urls: list[str] = []
        self._runs: list[Run] = []

    def read(self, tokens: list[Token]) -> list[Run]:
        """The runs of these tokens."""
        for token in tokens:
            self._token(token)
        return self._runs

    def _token(self, token: Token) -> None:
        match token.type:
            case "text" | "text_special" | "html_inline":
                self._text(plain(token.content))
            case "softbreak":
                self._put(" ")
            case "hardbreak":
                self._put("\n")
            case "code_inline":
                self._put(plain(token.content).replace("\n", " "), self._palette.code_inline)
            case "strong_open":
                self._styles.append(self._styles[-1] + Style(bold=True))
            case "em_open":
                self._styles.append(self._styles[-1] + Style(italic=True))
            case "s_open":
                self._styles.append(self._styles[-1] + Style(strike=True))
            case "link_open":
                self._open_link(str(token.attrGet("href") or ""))
            case "link_close":
                self._close_link()
            case "strong_close" | "em_close" | "s_close":
                self._styles.pop()
            case "image":
                url = str(token.attrGet("src") or "")
                self._open_link(url)
                self._put(f"[image: {plain_line(token.content) or plain_line(url, 60)}]")
                self._close_link()
            case _:
                self._text(plain(token.content))

    def _open_link(self, href: str) -> None:
        self._urls.append(plain_line(href, 2000))
        self._styles.append(self._styles[-1] + self._palette.link)

    def _close_link(self) -> None:
        url = self._urls.pop()
        self._styles.pop()
        if url and not url.lower().startswith(_OPENABLE):
            self._put(
                f" ({plain_line(url, 80)})", self._palette.muted
            )  # it leads nowhere; say where it would

    def _text(self, text: str) -> None:
        if self._urls or ("://" not in text and "[^" not in text):
            self._put(text)
            return
        at = 0
        for match in _URL.finditer(text):
            self._footnotes(text[at : match.start()])
            self._put(match[0], self._styles[-1] + self._palette.link, match[0])
            at = match.end()
        self._footnotes(text[at:])

    def _footnotes(self, text: str) -> None:
        at = 0
        for match in _FOOTNOTE.finditer(text):
            self._put(text[at : match.start()])
            self._put(f"[{match[1]}]", self._palette.link)
            at = match.end()
        self._put(text[at:])

    def _put(self, text: str, style: Style | None = None, url: str = "") -> None:
        if not text:
            return
        url = url or (self._urls[-1] if self._urls else "")
        if not url.lower().startswith(_OPENABLE):
            url = ""
        self._runs.append(Run(text, style if style is not None else self._styles[-1], url))
