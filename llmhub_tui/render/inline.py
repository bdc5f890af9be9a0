"""A paragraph's source as styled runs: emphasis, code, links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from rich.style import Style

from llmhub_tui.domain.plain import plain, plain_line
from llmhub_tui.render.math import readable_math
from llmhub_tui.render.palette import Palette
from llmhub_tui.render.patterns import HTML
from llmhub_tui.render.wrap import Run

_PARSER: Final = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable("strikethrough")
_WITHOUT_LINKS: Final = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable("strikethrough")
_HTML: Final = MarkdownIt("zero", {"html": True}).enable(["html_inline", "entity"])
_MOST_BRACKETS: Final = 150
"""Brackets in one stretch of text; with more they are no links, since the time grows with their square."""
_MATH: Final = re.compile(
    r"\$\$([^$]{1,1000}?)\$\$|\$(?![\s$])((?:[^$\\\n]|\\.){0,500}?(?:[^\s$\\]|\\[^\s]))\$(?![\w$])"
    r"|\\\(((?:[^\\]|\\[^)]){1,1000}?)\\\)|\\\[((?:[^\\]|\\[^\]]){1,1000}?)\\\]",
    re.S,
)
"""LaTeX between its signs; `$5 and $6` is none."""
_URL: Final = re.compile(r"https?://[^\s<>\"`]+[^\s<>\"`.,;:!?)\]}'*_]")
_FOOTNOTE: Final = re.compile(r"\[\^([^\]\s]{1,40})\]")
_BREAK: Final = re.compile(r"<br ?/?>", re.IGNORECASE)
_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|em|i|img|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tt|u|var)"
    r"(?:\s[^>]*)?/?>",
    re.IGNORECASE,
)
"""What is there for the looks; the other tags are more often a part of what is said."""
_OPENABLE: Final = ("http://", "https://", "mailto:")

References = Mapping[str, Mapping[str, str]]
"""Labels of reference links, as the parser normalizes them, to their `href` and `title`."""
Numbers = dict[str, int]
"""Labels of footnotes to their numbers."""


def _formula(state: StateInline, silent: bool) -> bool:
    """The parser's rule for LaTeX within a line."""
    match = _MATH.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = next(part for part in match.groups() if part is not None)
        token.block = match[0].startswith(("$$", "\\["))
    state.pos = match.end()
    return True


for parser in (_PARSER, _WITHOUT_LINKS):
    parser.inline.ruler.before("escape", "formula", _formula)
_WITHOUT_LINKS.disable(["link", "image"])


def parse_inline(
    source: str,
    palette: Palette,
    base: Style,
    references: References,
    numbers: Numbers | None = None,
    *,
    html: bool = False,
) -> list[Run]:
    """The runs of one paragraph, heading or table cell.

    Args:
        source: Markdown, already free of what could drive a terminal.
        palette: the styles.
        base: the style of plain text here.
        references: the targets of reference links that are known.
        numbers: of footnotes; one that is referred to for the first time gets the next.
        html: whether there is HTML in it, and no Markdown.
    """
    if source.isalnum():
        return [Run(source, base)]
    if html:
        tokens = _HTML.parseInline(source)
        return _Reader(palette, base, numbers).read(tokens[0].children or [] if tokens else [])
    parser = _PARSER if source.count("[") <= _MOST_BRACKETS else _WITHOUT_LINKS
    tokens = parser.parseInline(source, {"references": references})
    return _Reader(palette, base, numbers).read(tokens[0].children or [] if tokens else [])


class _Reader:
    """Walks over markdown-it's tokens with the styles that are open."""

    def __init__(self, palette: Palette, base: Style, numbers: Numbers | None) -> None:
        self._palette = palette
        self._numbers = {} if numbers is None else numbers
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
            case "text" | "text_special":
                self._text(plain(token.content))
            case "html_inline":
                self._tag(token.content)
            case "softbreak":
                self._put(" ")
            case "hardbreak":
                self._put("\n")
            case "code_inline":
                self._put(plain(token.content).replace("\n", " "), self._palette.code_inline)
            case "formula":
                self._put_formula(plain(readable_math(token.content)), apart=token.block)
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
                said = "".join(child.content for child in token.children or [])
                self._open_link(url)
                self._put(f"[image: {plain_line(said) or plain_line(url, 60)}]")
                self._close_link()
            case _:
                self._text(plain(token.content))

    def _tag(self, tag: str) -> None:
        if _BREAK.fullmatch(tag):
            self._put("\n")
        elif _TAG.fullmatch(tag) or HTML.match(tag):
            self._put(plain(tag), self._styles[-1] + self._palette.muted)
        else:
            self._text(plain(tag))

    def _open_link(self, href: str) -> None:
        self._urls.append(plain_line(href, 2000))
        self._styles.append(self._styles[-1] + self._palette.link)

    def _close_link(self) -> None:
        url = self._urls.pop()
        self._styles.pop()
        said = self._runs[-1].text if self._runs else ""
        if url and not url.lower().startswith(_OPENABLE) and said != url:
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
            number = self._numbers.setdefault(match[1], len(self._numbers) + 1)
            self._put(f"[{number}]", self._palette.link)
            at = match.end()
        self._put(text[at:])

    def _put_formula(self, text: str, *, apart: bool) -> None:
        """A formula; one that is set apart gets a line of its own."""
        if apart and self._runs and not self._runs[-1].text.endswith("\n"):
            self._put("\n")
        self._put(text, self._styles[-1] + self._palette.formula)

    def _put(self, text: str, style: Style | None = None, url: str = "") -> None:
        if not text:
            return
        url = url or (self._urls[-1] if self._urls else "")
        if not url.lower().startswith(_OPENABLE):
            url = ""
        self._runs.append(Run(text, style if style is not None else self._styles[-1], url))
