"""Markdown's blocks, line by line: each line of source is looked at once, in order.

What a line means depends on nothing behind it, so that text comes out the same however it arrives.
The rules are CommonMark's (https://spec.commonmark.org) with GitHub's tables, task lists, alerts and
footnotes, as far as a reader of replies can tell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from textual.strip import Strip

from llmhub_tui.render.containers import Container, Item, Quote, begin_item, begin_quote, prefixes
from llmhub_tui.render.highlight import Highlighter
from llmhub_tui.render.leaves import Code, Heading, Leaf, Look, Paragraph, Rule
from llmhub_tui.render.lines import Line
from llmhub_tui.render.patterns import (
    ALERT,
    FENCE,
    FOOTNOTE,
    HEAD,
    HEADING,
    REFERENCE,
    RULE,
    UNDERLINE,
    is_closing,
)
from llmhub_tui.render.table import Table, is_delimiter
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs

_DEEPEST: Final = 24
"""Containers within each other; what is deeper is text."""


class Flow:
    """Takes lines of source, gives up lines of screen."""

    def __init__(self, look: Look, references: dict[str, str]) -> None:
        """Takes the looks; `references` collects what reference links lead to."""
        self.look = look
        self.references = references
        self.codes: list[list[str]] = []
        """The source lines of each code block."""
        self.late = False
        """Whether a reference was defined below text that might use it."""
        self._recording = True
        self._code_count = 0
        self._containers: list[Container] = []
        self._leaf: Leaf | None = None
        self._blank = False
        self._begun = False

    def copy(self) -> Flow:
        """One that can be given the unfinished line, and closed, while this one goes on."""
        other = Flow(self.look, dict(self.references))
        other._recording = False
        other._code_count = self._code_count
        other._containers = [replace(part) for part in self._containers]
        other._leaf = self._leaf.copy() if self._leaf is not None else None
        other._blank, other._begun = self._blank, self._begun
        return other

    @property
    def in_paragraph(self) -> bool:
        """Whether the last line was part of a paragraph, to which more text may be appended."""
        return isinstance(self._leaf, Paragraph)

    @property
    def in_code(self) -> bool:
        """Whether a code block is open."""
        return isinstance(self._leaf, Code)

    @property
    def in_table(self) -> bool:
        """Whether a table is open."""
        return isinstance(self._leaf, Table)

    def append(self, text: str) -> list[Line]:
        """Takes more text of the paragraph's last line."""
        if isinstance(self._leaf, Paragraph):
            self._leaf.source += text
            return self._leaf.settle(self.look)
        return []

    def line(self, text: str) -> list[Line]:
        """Takes a line without its end; returns the lines of screen that are final now."""
        out: list[Line] = []
        if "\t" in text:
            bare = text.lstrip(" \t")
            text = text[: len(text) - len(bare)].expandtabs(4) + bare
        matched, rest = self._match(text)
        if isinstance(self._leaf, Code) and self._take_code(self._leaf, matched, rest, out):
            return out
        if not rest.strip():
            self._take_blank(matched, out)
            return out
        if matched < len(self._containers):
            sibling = isinstance(self._containers[matched], Item) and begin_item(rest, 0, in_paragraph=False)
            if isinstance(self._leaf, Paragraph) and not sibling and not self._begins_block(rest):
                self._extend(self._leaf, rest, out)  # a lazy continuation
                return out
            self._leave(matched, out)
        rest = self._open_containers(rest, out)
        if rest.strip():
            self._take_text(rest, out)
        if self._leaf is not None:
            out += self._leaf.settle(self.look)
        return out

    def close(self) -> list[Line]:
        """The text has ended."""
        out: list[Line] = []
        self._leave(0, out)
        return out

    def _match(self, text: str) -> tuple[int, str]:
        """How many of the open containers a line belongs to, and what of it is left within them."""
        for number, container in enumerate(self._containers):
            inner = container.strip(text)
            if inner is None:
                return number, text
            text = inner
        return len(self._containers), text

    def _leave(self, depth: int, out: list[Line]) -> None:
        """Ends the open leaf, and the containers beyond a depth; an empty item shows its marker."""
        self._close_leaf(out)
        if any(isinstance(part, Item) and not part.used for part in self._containers[depth:]):
            self._open(Paragraph(*self._prefixes()), out)
            self._close_leaf(out)
        del self._containers[depth:]

    def _close_leaf(self, out: list[Line]) -> None:
        if self._leaf is not None:
            out += self._leaf.close(self.look)
            self._leaf = None

    def _prefixes(self) -> tuple[Prefix, Prefix]:
        found = prefixes(self._containers, self.look.palette)
        for part in self._containers:
            if isinstance(part, Item):
                part.used = True
        return found

    def _open(self, leaf: Leaf, out: list[Line], *, apart: bool = False) -> None:
        """Begins a leaf, below a blank line where the source has one or the block wants one."""
        self._space(out, apart)
        self._leaf = leaf

    def _space(self, out: list[Line], apart: bool) -> None:
        if self._begun and (self._blank or (apart and not self._containers)):
            quotes: list[Container] = [
                part for part in self._containers if isinstance(part, Quote) and part.spaced
            ]
            bars = prefixes(quotes, self.look.palette)[1]
            out.append(Line(Strip(bars.segments, bars.width), bars.width))
        self._begun, self._blank = True, False

    def _take_blank(self, matched: int, out: list[Line]) -> None:
        if any(isinstance(part, Quote) for part in self._containers[matched:]):
            self._leave(matched, out)
        else:
            self._close_leaf(out)
        self._blank = self._begun
        for number, part in enumerate(self._containers):
            if isinstance(part, Quote):
                part.spaced = number < matched

    def _take_code(self, code: Code, matched: int, rest: str, out: list[Line]) -> bool:
        """Whether a line belongs to the open code block; the block is ended where it does not."""
        inside = matched == len(self._containers)
        if code.closed_by and inside:
            if is_closing(rest, code.closed_by):
                self._close_leaf(out)
                self._blank = not self._containers
            else:
                indent = len(rest) - len(rest.lstrip(" "))
                self._add_code(code, rest[min(indent, code.dedent) :], out)
            return True
        if not code.closed_by and inside and not rest.strip():
            code.blanks += 1
            return True
        if not code.closed_by and inside and rest.startswith("    "):
            for _ in range(code.blanks):
                self._add_code(code, "", out)
            code.blanks = 0
            self._add_code(code, rest[4:], out)
            return True
        self._blank = code.blanks > 0
        self._close_leaf(out)
        return False

    def _add_code(self, code: Code, text: str, out: list[Line]) -> None:
        if self._recording:
            self.codes[code.number].append(text)
        code.add(text, self.look)
        out += code.settle(self.look)

    def _begins_block(self, rest: str) -> bool:
        """Whether a line interrupts a paragraph."""
        return bool(
            FENCE.match(rest)
            or HEADING.match(rest)
            or RULE.match(rest)
            or begin_quote(rest, self.look.palette)
            or begin_item(rest, 0, in_paragraph=True)
        )

    def _open_containers(self, rest: str, out: list[Line]) -> str:
        """Begins the quotes and items that a line begins; returns what is left of it."""
        while len(self._containers) < _DEEPEST:
            in_paragraph = isinstance(self._leaf, Paragraph)
            if quote := begin_quote(rest, self.look.palette):
                self._close_leaf(out)
                container, rest = quote
                self._containers.append(container)
                if alert := ALERT.match(rest):
                    self._alert(container, alert[1].lower(), out)
                    return ""
                continue
            depth = sum(isinstance(part, Item) for part in self._containers)
            found = begin_item(rest, depth, in_paragraph=in_paragraph)
            if found is None:
                break
            self._close_leaf(out)
            item, rest = found
            self._containers.append(item)
        return rest

    def _alert(self, quote: Quote, kind: str, out: list[Line]) -> None:
        palette = self.look.palette
        styles = {"note": palette.note, "tip": palette.tip, "important": palette.note}
        quote.style = styles.get(kind, palette.warning if kind == "warning" else palette.caution)
        self._space(out, apart=True)
        out += wrap_runs([Run(kind.capitalize(), quote.style)], *self._prefixes(), self.look.width)

    def _take_text(self, rest: str, out: list[Line]) -> None:
        """A line within its containers that begins or goes on with a leaf."""
        leaf = self._leaf
        if isinstance(leaf, Table):
            if not self._begins_block(rest):
                leaf.add(rest)
                return
            self._close_leaf(out)
        if isinstance(leaf, Paragraph) and self._turns(leaf, rest, out):
            return
        if isinstance(leaf, Paragraph) and not self._begins_block(rest):
            self._extend(leaf, rest, out)
            return
        self._close_leaf(out)
        self._begin_leaf(rest, out)

    def _turns(self, leaf: Paragraph, rest: str, out: list[Line]) -> bool:
        """Whether a line makes the open paragraph a heading or the head of a table."""
        if not leaf.whole:
            return False
        if underline := UNDERLINE.match(rest):
            level = 1 if underline[1][0] == "=" else 2
            self._leaf = Heading(level, leaf.source.strip(), leaf.first, leaf.rest)
            self._close_leaf(out)
            self._blank = True
            return True
        if leaf.lines == 1 and is_delimiter(rest, leaf.source):
            self._leaf = Table.begin(leaf.source, rest, leaf.first, leaf.rest)
            return True
        return False

    def _extend(self, leaf: Paragraph, rest: str, out: list[Line]) -> None:
        leaf.source += "\n" + rest.lstrip()
        leaf.lines += 1
        out += leaf.settle(self.look)

    def _begin_leaf(self, rest: str, out: list[Line]) -> None:
        if fence := FENCE.match(rest):
            words = fence[2].split()
            self._begin_code(words[0] if words else "", fence[1], len(rest) - len(rest.lstrip(" ")), out)
        elif (heading := HEADING.match(rest)) and len(rest) <= HEAD:
            leaf = Heading(len(heading[1]), heading[2] or "", *self._prefixes())
            self._open(leaf, out, apart=True)
            self._close_leaf(out)
            self._blank = True
        elif RULE.match(rest):
            self._open(Rule(self._prefixes()[0]), out, apart=True)
            self._close_leaf(out)
        elif rest.startswith("    "):
            self._begin_code("", "", 0, out)
            code = self._leaf
            if isinstance(code, Code):
                self._add_code(code, rest[4:], out)
        elif reference := REFERENCE.match(rest):
            label = " ".join(reference[1].split()).upper()
            self.late = self.late or (label not in self.references and self._begun)
            self.references.setdefault(label, reference[2])
        elif footnote := FOOTNOTE.match(rest):
            self._open(Paragraph(*self._prefixes(), f"[{footnote[1]}] {footnote[2]}", 1, True), out)
        else:
            self._open(Paragraph(*self._prefixes(), rest.lstrip(), 1), out)

    def _begin_code(self, language: str, fence: str, dedent: int, out: list[Line]) -> None:
        first, rest = self._prefixes()
        number, self._code_count = self._code_count, self._code_count + 1
        if self._recording:
            self.codes.append([])
        code = Code(number, first, rest, Highlighter(language, self.look.palette), fence, dedent)
        self._open(code, out, apart=True)
