"""A conversation as one HTML file: no script, no request, light and dark, for the screen and for paper.

Text from outside is data here as well: HTML in it is shown as text, images become links, links lead to
`http`, `https` and `mailto` only, and a content security policy forbids whatever might slip through.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Final, assert_never

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Attachment, Message, Role
from llmhub_tui.domain.plain import plain, plain_line
from llmhub_tui.export.as_text import heading, when
from llmhub_tui.export.outline import OtherBegins, OtherEnds, Said, outline

_LAYOUT: Final = """
:root { color-scheme: light dark; --back: #fff; --text: #1c1e21; --dim: #5f6670; --line: #d8dce1;
  --soft: #f3f5f7; --accent: #0b63c5; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --text: #e4e7ea; --dim: #98a1ab;
  --line: #343a41; --soft: #1e2226; --accent: #76b3f7; --bad: #f2857d } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 46rem; background: var(--back); color: var(--text);
  font: 16px/1.6 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem }
.when, header p { color: var(--dim); margin: 0 }
article { margin: 1.75rem 0 }
article > h2 { font-size: .85rem; font-weight: 600; color: var(--dim); margin: 0 0 .4rem }
article.user > .text { background: var(--soft); border-left: 3px solid var(--accent); padding: .5rem 1rem;
  border-radius: 0 6px 6px 0 }
.text > :first-child { margin-top: 0 }
.text > :last-child { margin-bottom: 0 }
.text h1, .text h2, .text h3, .text h4 { font-size: 1.1rem; line-height: 1.3 }
a { color: var(--accent) }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem;
  overflow-x: auto; font-size: .875rem; line-height: 1.5 }
code { font-family: ui-monospace, monospace }
:not(pre) > code { background: var(--soft); padding: .1em .3em; border-radius: 4px; font-size: .9em }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left }
.right { text-align: right }
.center { text-align: center }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--dim) }
details { margin: .75rem 0; padding: .25rem .75rem; border: 1px solid var(--line); border-radius: 6px }
summary { cursor: pointer; color: var(--dim) }
.failure { color: var(--bad) }
img { max-width: 100% }
@media print { :root { --back: #fff; --text: #000; --dim: #444; --soft: #fff; --accent: #000 }
  body { max-width: none; padding: 0; font-size: 11pt }
  pre { white-space: pre-wrap }
  article > h2 { break-after: avoid }
  pre, table, blockquote { break-inside: avoid } }
"""
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_SCHEMES: Final = ("http://", "https://", "mailto:")


def _style() -> str:
    dark = ["@media screen and (prefers-color-scheme: dark) {", *_colors("github-dark"), "}"]
    return "\n".join([_LAYOUT, *_colors("default"), *dark])


def _colors(style: str) -> Iterator[str]:
    """The rules for tokens alone: background and line numbers are the layout's."""
    formatter: Any = HtmlFormatter(style=style)
    return (rule for rule in formatter.get_style_defs(".code").splitlines() if rule.startswith(".code ."))


_STYLE: Final = _style()
_POLICY: Final = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    f"{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)


class _Renderer(RendererHTML):
    """Markdown to HTML that loads nothing and needs no inline style."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """An image is a link to it: opening the file must not tell anyone that it was opened."""
        token = tokens[idx]
        address = str(token.attrs.get("src", ""))
        return _link(address, token.content or address)

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A link says nothing about where it was clicked; one that leads elsewhere than the web is none."""
        address = str(tokens[idx].attrs.get("href", ""))
        if not address.lower().startswith(_SCHEMES):
            return "<a>"
        return f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">'

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code in color, where its language is known."""
        token = tokens[idx]
        return _code(token.content, (token.info.split() or [""])[0])

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Indented code."""
        return _code(tokens[idx].content, "")

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A cell of a table's head."""
        return _cell(tokens[idx])

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A cell of a table's body."""
        return _cell(tokens[idx])


_MARKDOWN: Final = (
    MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    .enable(["table", "strikethrough"])
    .use(tasklists_plugin)
)


def to_html(conversation: Conversation) -> str:
    """The open path, and other attempts folded below their sibling, as one page."""
    title = escape(plain_line(conversation.title) or "Conversation")
    parts = [
        "<!DOCTYPE html>",
        '<html lang="">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style></head>",
        f'<body><header><h1 dir="auto">{title}</h1>',
    ]
    if conversation.created_at:
        parts.append(f"<p>{escape(when(conversation.created_at))}</p>")
    parts.append("</header><main>")
    for step in outline(conversation):
        match step:
            case Said(message):
                parts += _article(conversation, message)
            case OtherBegins(message):
                parts.append(
                    f"<details><summary>{escape(plain_line(heading(conversation, message)))}</summary>"
                )
            case OtherEnds():
                parts.append("</details>")
            case _ as never:
                assert_never(never)
    parts.append("</main></body></html>")
    return "\n".join(parts) + "\n"


def _article(conversation: Conversation, message: Message) -> Iterator[str]:
    who = escape(plain_line(heading(conversation, message)))
    yield f'<article class="{message.role.value}"><h2>{who}</h2>'
    if message.reasoning:
        yield f"<details><summary>Reasoning</summary>{_markdown(message.reasoning)}</details>"
    if message.text:
        body = _markdown(message.text) if message.role is not Role.TOOL else _code(plain(message.text), "")
        yield f'<div class="text" dir="auto">{body}</div>'
    for call in message.tool_calls:
        name = escape(plain_line(call.name))
        yield f"<details><summary>Tool call: {name}</summary>{_code(plain(call.arguments), 'json')}</details>"
    for part in message.attachments:
        yield _attachment(part)
    if message.failure is not None:
        yield f'<p class="failure">{escape(plain_line(message.failure.message))}</p>'
    yield "</article>"


def _markdown(text: str) -> str:
    try:
        rendered: Any = _MARKDOWN.render(plain(text))
    except RecursionError:  # nesting that no reader follows either
        return f"<pre>{escape(plain(text))}</pre>"
    return str(rendered)


def _attachment(part: Attachment) -> str:
    name = escape(plain_line(part.name) or "attachment")
    if part.media_type not in _PICTURES:
        return f'<p class="when">Attachment: {name}</p>'
    data = base64.b64encode(part.data).decode("ascii")
    return f'<figure><img alt="{name}" src="data:{part.media_type};base64,{data}"></figure>'


def _link(address: str, text: str) -> str:
    if not address.lower().startswith(_SCHEMES):
        return escape(text)
    return f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{escape(text)}</a>'


def _cell(token: Token) -> str:
    style = str(token.attrs.get("style", ""))
    side = style.removeprefix("text-align:")
    return f'<{token.tag} class="{side}">' if side in ("right", "center") else f"<{token.tag}>"


def _code(text: str, language: str) -> str:
    try:
        lexer = get_lexer_by_name(language, stripnl=False) if language else None
    except ClassNotFound:
        lexer = None
    inside = highlight(text, lexer, HtmlFormatter(nowrap=True)) if lexer is not None else escape(text)
    return f'<pre class="code"><code>{inside}</code></pre>'
