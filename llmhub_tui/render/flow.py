"""Markdown's blocks, line by line: each line of source is looked at once, in order.

What a line means depends on nothing behind it, so that text comes out the same however it arrives.
The rules are CommonMark's (https://spec.commonmark.org) with GitHub's tables, task lists, alerts and
footnotes, as far as a reader of replies can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from llmhub_tui.render.blocks import Blocks
from llmhub_tui.render.containers import Item, Quote, begin_item, begin_quote
from llmhub_tui.render.definitions import Definition
from llmhub_tui.render.formulas import Formula
from llmhub_tui.render.leaves import Code, Look, Paragraph
from llmhub_tui.render.lines import Line
from llmhub_tui.render.notes import BEGIN, Note, gathered, inner_look
from llmhub_tui.render.patterns import (
    ALERT,
    UNDERLINE,
    is_closing,
)
from llmhub_tui.render.table import Table, is_delimiter

_DEEPEST: Final = 24
"""Containers within each other; what is deeper is text."""


class Flow(Blocks):
    """Takes lines of source, gives up lines of screen."""

    def __init__(self, look: Look, references: dict[str, Mapping[str, str]]) -> None:
        """Takes the looks; `references` collects what reference links lead to."""
        super().__init__(look, references)
        self.notes: list[Note] = []
        """The footnotes that have ended."""
        self.note: Note | None = None
        """The one that is open."""
        self.notes_allowed = True
        """Not so within one."""

    def copy(self) -> Flow:
        """One that can be given the unfinished line, and closed, while this one goes on."""
        other = Flow(replace(self.look, numbers=dict(self.look.numbers)), dict(self.references))
        other.recording = False
        other.code_count = self.code_count
        other.containers = [replace(part) for part in self.containers]
        other.leaf = self.leaf.copy() if self.leaf is not None else None
        other.lists = dict(self.lists)
        other.note = self.note.copy() if self.note is not None else None
        other.notes = list(self.notes)
        other.blank, other.begun = self.blank, self.begun
        return other

    @property
    def in_paragraph(self) -> bool:
        """Whether the last line was part of a paragraph, to which more text may be appended."""
        return isinstance(self._innermost.leaf, Paragraph | Definition)

    @property
    def in_lines(self) -> bool:
        """Whether code, a table or a formula is open, whose lines are judged when they are whole."""
        return isinstance(self._innermost.leaf, Code | Table | Formula)

    @property
    def _innermost(self) -> Flow:
        inner = self.note.flow if self.note is not None else None
        return self if inner is None else inner

    def goes_on(self, text: str) -> bool:
        """Whether a line that is not indented as it should be goes on with an open paragraph."""
        return isinstance(self.leaf, Paragraph | Definition) and not self.begins_block(text)

    def append(self, text: str) -> list[Line]:
        """Takes more text of the paragraph's last line."""
        if self.note is not None:
            self.note.append(text)
            return []
        out: list[Line] = []
        if isinstance(self.leaf, Paragraph | Definition):
            self.leaf.source += text
        if isinstance(self.leaf, Definition) and self.leaf.too_long:
            self.define(self.leaf, out)
        if self.leaf is not None:
            out += self.leaf.settle(self.look)
        return out

    def line(self, text: str) -> list[Line]:
        """Takes a line without its end; returns the lines of screen that are final now."""
        out: list[Line] = []
        if "\t" in text:
            bare = text.lstrip(" \t")
            text = text[: len(text) - len(bare)].expandtabs(4) + bare
        if self.note is None and isinstance(self.leaf, Formula) and self._take_formula(self.leaf, text, out):
            return out
        if not self._take_note(text, out):
            self._take_line(text, 0, out)
        return out

    def _take_line(self, text: str, depth: int, out: list[Line]) -> None:
        """Takes a line that stands within the first so many containers."""
        matched, rest = self._match(text, depth)
        if isinstance(self.leaf, Code) and self._take_code(self.leaf, matched, rest, out):
            return
        if not rest.strip():
            self._take_blank(matched, out)
            return
        if matched < len(self.containers):
            sibling = isinstance(self.containers[matched], Item) and begin_item(rest, 0, in_paragraph=False)
            if isinstance(self.leaf, Paragraph | Definition) and not sibling and not self.begins_block(rest):
                self.extend(self.leaf, rest, out)  # a lazy continuation
                return
            self.leave(matched, out)
        rest = self._open_containers(rest, out)
        if rest.strip():
            self._take_text(rest, out)
        if self.leaf is not None:
            out += self.leaf.settle(self.look)

    def close(self) -> list[Line]:
        """The text has ended; footnotes stand below all of it."""
        out: list[Line] = []
        self._end_note()
        self.leave(0, out)
        out += gathered(self.notes, self.look)
        return out

    def _take_note(self, text: str, out: list[Line]) -> bool:
        """Whether a line belongs to a footnote."""
        if self.note is not None:
            inner = self.note.strip(text)
            if inner is not None:
                self.note.take(inner)
                return True
            self._end_note()
        begin = BEGIN.match(text) if self.notes_allowed and not isinstance(self.leaf, Code) else None
        if begin is None or self.containers:
            return False
        self.close_leaf(out)
        flow = Flow(inner_look(self.look), self.references)
        flow.notes_allowed = flow.recording = False
        self.note = Note(begin[1], flow)
        self.note.take(begin[2])
        self.blank = self.begun
        return True

    def _end_note(self) -> None:
        if self.note is not None:
            self.late = self.note.close() or self.late
            self.notes.append(self.note)
            self.note = None

    def close_leaf(self, out: list[Line]) -> None:
        """Ends the open leaf; a formula of which nothing has come yet is not shown."""
        if isinstance(self.leaf, Formula) and not self.leaf.empty:
            self._end_formula(self.leaf, out)
        super().close_leaf(out)

    def _take_formula(self, formula: Formula, text: str, out: list[Line]) -> bool:
        """Whether a line belongs to the open formula; the formula is ended where it does not."""
        matched, rest = self._match(text, 0)
        inside = matched == len(self.containers) and formula.may_take(rest)
        if not inside or formula.add(rest):
            self._end_formula(formula, out)
        if inside and formula.behind:
            self._take_text(formula.behind, out)
        return inside

    def _end_formula(self, formula: Formula, out: list[Line]) -> None:
        """Ends a formula. What of it was never closed is looked at again, as text, which stays open."""
        self.leaf = None
        out += formula.close(self.look)
        lines = formula.text_lines()
        if lines and not formula.count:
            self.leaf = Paragraph(formula.first, formula.rest, lines.pop(0), 1)
        depth = len(self.containers)
        for line in lines:
            self._take_line(line, depth, out)

    def _match(self, text: str, depth: int) -> tuple[int, str]:
        """How many of the open containers a line belongs to, and what of it is left within them."""
        for number, container in enumerate(self.containers[depth:], depth):
            inner = container.strip(text)
            if inner is None:
                return number, text
            text = inner
        return len(self.containers), text

    def _take_blank(self, matched: int, out: list[Line]) -> None:
        if any(isinstance(part, Quote) for part in self.containers[matched:]):
            self.leave(matched, out)
        else:
            self.close_leaf(out)
        self.blank = self.begun
        for number, part in enumerate(self.containers):
            if isinstance(part, Quote):
                part.spaced = number < matched

    def _take_code(self, code: Code, matched: int, rest: str, out: list[Line]) -> bool:
        """Whether a line belongs to the open code block; the block is ended where it does not."""
        inside = matched == len(self.containers)
        if code.closed_by and inside:
            if is_closing(rest, code.closed_by):
                self.close_leaf(out)
                self.blank = not self.containers
            else:
                indent = len(rest) - len(rest.lstrip(" "))
                self.add_code(code, rest[min(indent, code.dedent) :], out)
            return True
        if not code.closed_by and inside and not rest.strip():
            code.blanks += 1
            return True
        if not code.closed_by and inside and rest.startswith("    "):
            for _ in range(code.blanks):
                self.add_code(code, "", out)
            code.blanks = 0
            self.add_code(code, rest[4:], out)
            return True
        self.blank = code.blanks > 0
        self.close_leaf(out)
        return False

    def _open_containers(self, rest: str, out: list[Line]) -> str:
        """Begins the quotes and items that a line begins; returns what is left of it."""
        while len(self.containers) < _DEEPEST:
            in_paragraph = isinstance(self.leaf, Paragraph | Definition)
            if quote := begin_quote(rest, self.look.palette):
                self.close_leaf(out)
                container, rest = quote
                self.forget_lists(len(self.containers))
                self.containers.append(container)
                if alert := ALERT.match(rest):
                    self.alert(container, alert[1].lower(), out)
                    return ""
                continue
            depth = sum(isinstance(part, Item) for part in self.containers)
            found = begin_item(rest, depth, in_paragraph=in_paragraph)
            if found is None:
                break
            self.close_leaf(out)
            item, rest = found
            self.enter(item)
        return rest

    def _take_text(self, rest: str, out: list[Line]) -> None:
        """A line within its containers that begins or goes on with a leaf."""
        leaf = self.leaf
        if isinstance(leaf, Table):
            if not self.begins_block(rest):
                leaf.add(rest)
                return
            self.close_leaf(out)
        if isinstance(leaf, Definition) and not self.begins_block(rest):
            turns = UNDERLINE.match(rest) or (leaf.lines == 1 and is_delimiter(rest, leaf.source))
            if not turns and leaf.take(rest):
                return
            self.define(leaf, out)
            leaf = self.leaf
        if isinstance(leaf, Paragraph) and self.turns(leaf, rest, out):
            return
        if isinstance(leaf, Paragraph) and not self.begins_block(rest):
            self.extend(leaf, rest, out)
            return
        self.close_leaf(out)
        self.begin_leaf(rest, out)
