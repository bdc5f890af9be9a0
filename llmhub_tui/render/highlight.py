"""Highlights code line by line, with the lexer's state carried from one line to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pygments.lexer import ExtendedRegexLexer, Lexer, LexerContext, RegexLexer
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    Comment,
    Error,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    Token,
    _TokenType,
)
from pygments.util import ClassNotFound
from rich.style import Style

from llmhub_tui.render.palette import Palette

_LONGEST: Final = 2000
"""Characters of a line that are highlighted; some lexers are slow on long ones."""


class Highlighter:
    """One code block's lexer. `copy` lets an unfinished line be tried."""

    def __init__(self, language: str, palette: Palette) -> None:
        """Takes the language as the fence names it; an unknown one is plain text."""
        self._palette = palette
        self._lexer = _lexer(language)
        self._stack: tuple[str, ...] = ("root",)

    def copy(self) -> Highlighter:
        """One that goes on from here by itself."""
        other = object.__new__(Highlighter)
        other._palette, other._lexer, other._stack = self._palette, self._lexer, self._stack
        return other

    def line(self, text: str) -> list[tuple[str, Style]]:
        """The parts of one line, without its end; the next line goes on from the state behind it."""
        if self._lexer is None or len(text) > _LONGEST:
            return [(text, self._palette.code)] if text else []
        found: list[tuple[str, Style]] = []
        for kind, part in self._tokens(text + "\n"):
            part = part.rstrip("\n")
            if part:
                found.append((part, self._style(kind)))
        if "".join(part for part, _ in found) != text:  # a lexer that drops or adds characters
            return [(text, self._palette.code)]
        return found

    def _tokens(self, text: str) -> Iterable[tuple[Any, str]]:
        lexer = self._lexer
        try:
            if isinstance(lexer, ExtendedRegexLexer):
                context = LexerContext(text, 0, stack=list(self._stack))
                found = [(kind, part) for _, kind, part in lexer.get_tokens_unprocessed(context=context)]
                self._stack = tuple(context.stack or ("root",))
                return found
            if isinstance(lexer, RegexLexer):
                return list(self._regex_tokens(lexer, text))
            return list(lexer.get_tokens(text)) if lexer is not None else []
        except (RecursionError, ValueError, IndexError, KeyError, AttributeError, TypeError):
            self._lexer = None  # a lexer that trips over half a construct
            return [(Token.Text, text)]

    def _regex_tokens(self, lexer: RegexLexer, text: str) -> Iterator[tuple[Any, str]]:
        """Pygments' own loop over its rules, which keeps its stack to itself; this one remembers it."""
        rules_of = lexer._tokens  # type: ignore[attr-defined]  # made by Pygments' metaclass
        stack = list(self._stack)
        at = 0
        while at < len(text):
            for match_rule, action, new_state in rules_of[stack[-1]]:
                match = match_rule(text, at)
                if not match:
                    continue
                if action is not None:
                    if type(action) is type(Token):
                        yield action, match.group()
                    else:
                        for _, kind, part in action(lexer, match):
                            yield kind, part
                at = match.end()
                _step(stack, new_state)
                break
            else:
                if text[at] == "\n":
                    stack = ["root"]
                yield (Token.Text if text[at] == "\n" else Error), text[at]
                at += 1
        self._stack = tuple(stack[-50:])

    def _style(self, kind: _TokenType) -> Style:
        """The style of the nearest kind that has one."""
        at: Any = kind
        while at is not None:
            if at in _ROLES:
                style: Style = getattr(self._palette, _ROLES[at])
                return style
            at = at.parent
        return self._palette.code


_ROLES: Final[dict[Any, str]] = {
    Comment: "comment",
    Keyword: "keyword",
    String: "string",
    Number: "number",
    Literal: "string",
    Name.Function: "function",
    Name.Class: "type",
    Name.Builtin: "function",
    Name.Decorator: "function",
    Name.Tag: "keyword",
    Name.Attribute: "type",
    Operator.Word: "keyword",
    Operator: "operator",
    Generic.Inserted: "string",
    Generic.Deleted: "deleted",
    Generic.Heading: "keyword",
    Generic.Subheading: "function",
    Generic.Prompt: "comment",
    Generic.Error: "deleted",
    Generic.Traceback: "deleted",
}


def _step(stack: list[str], new_state: object) -> None:
    """Moves to a rule's new state: a name, a number of states to leave, `#push`, or several of them."""
    if new_state is None:
        return
    if isinstance(new_state, int):
        del stack[max(1, len(stack) + new_state) :]
    elif new_state == "#push":
        stack.append(stack[-1])
    elif isinstance(new_state, tuple):
        for state in new_state:
            if state == "#pop":
                del stack[max(1, len(stack) - 1) :]
            else:
                stack.append(stack[-1] if state == "#push" else state)


def _lexer(language: str) -> Lexer | None:
    if not language:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except (ClassNotFound, ValueError):
        return None
