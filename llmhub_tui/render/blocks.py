"""The blocks that are open: containers, and the leaf that takes text."""

from __future__ import annotations

from textual.strip import Strip

from llmhub_tui.render.containers import Container, Item, Quote, prefixes
from llmhub_tui.render.highlight import Highlighter
from llmhub_tui.render.leaves import Code, Heading, Leaf, Look, Paragraph, Rule
from llmhub_tui.render.lines import Line
from llmhub_tui.render.patterns import (
    FENCE,
    FOOTNOTE,
    HEAD,
    HEADING,
    REFERENCE,
    RULE,
    UNDERLINE,
)
from llmhub_tui.render.table import Table, is_delimiter
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs


class Blocks:
    """Begins and ends blocks, and collects what they give up."""

    def __init__(self, look: Look, references: dict[str, str]) -> None:
        """Takes the looks; `references` collects what reference links lead to."""
        self.look = look
        self.references = references
        self.codes: list[list[str]] = []
        """The source lines of each code block."""
        self.late = False
        """Whether a reference was defined below text that might use it."""
        self.recording = True
        self.code_count = 0
        self.containers: list[Container] = []
        self.leaf: Leaf | None = None
        self.blank = False
        self.begun = False

    def leave(self, depth: int, out: list[Line]) -> None:
        """Ends the open leaf, and the containers beyond a depth; an empty item shows its marker."""
        self.close_leaf(out)
        if any(isinstance(part, Item) and not part.used for part in self.containers[depth:]):
            self.open(Paragraph(*self.prefixes()), out)
            self.close_leaf(out)
        del self.containers[depth:]

    def close_leaf(self, out: list[Line]) -> None:
        """Ends the open leaf."""
        if self.leaf is not None:
            out += self.leaf.close(self.look)
            self.leaf = None

    def prefixes(self) -> tuple[Prefix, Prefix]:
        """What stands before the lines of a leaf that begins here; an item's marker is given once."""
        found = prefixes(self.containers, self.look.palette, self.look.width)
        for part in self.containers:
            if isinstance(part, Item):
                part.used = True
        return found

    def open(self, leaf: Leaf, out: list[Line], *, apart: bool = False) -> None:
        """Begins a leaf, below a blank line where the source has one or the block wants one."""
        self.space(out, apart)
        self.leaf = leaf

    def space(self, out: list[Line], apart: bool) -> None:
        """Puts a blank line between blocks; within a quote it carries the quote's bar."""
        if self.begun and (self.blank or (apart and not self.containers)):
            quotes: list[Container] = [
                part for part in self.containers if isinstance(part, Quote) and part.spaced
            ]
            bars = prefixes(quotes, self.look.palette, self.look.width)[1]
            out.append(Line(Strip(bars.segments, bars.width), bars.width))
        self.begun, self.blank = True, False

    def add_code(self, code: Code, text: str, out: list[Line]) -> None:
        """Takes a line of code."""
        if self.recording:
            self.codes[code.number].append(text)
        code.add(text, self.look)
        out += code.settle(self.look)

    def alert(self, quote: Quote, kind: str, out: list[Line]) -> None:
        """Begins a quote that carries a title."""
        palette = self.look.palette
        styles = {"note": palette.note, "tip": palette.tip, "important": palette.note}
        quote.style = styles.get(kind, palette.warning if kind == "warning" else palette.caution)
        self.space(out, apart=True)
        out += wrap_runs([Run(kind.capitalize(), quote.style)], *self.prefixes(), self.look.width)

    def turns(self, leaf: Paragraph, rest: str, out: list[Line]) -> bool:
        """Whether a line makes the open paragraph a heading or the head of a table."""
        if not leaf.whole:
            return False
        if underline := UNDERLINE.match(rest):
            level = 1 if underline[1][0] == "=" else 2
            self.leaf = Heading(level, leaf.source.strip(), leaf.first, leaf.rest)
            self.close_leaf(out)
            self.blank = True
            return True
        if leaf.lines == 1 and is_delimiter(rest, leaf.source):
            self.leaf = Table.begin(leaf.source, rest, leaf.first, leaf.rest)
            return True
        return False

    def extend(self, leaf: Paragraph, rest: str, out: list[Line]) -> None:
        """Takes another line of a paragraph."""
        leaf.source += "\n" + rest.lstrip()
        leaf.lines += 1
        out += leaf.settle(self.look)

    def begin_leaf(self, rest: str, out: list[Line]) -> None:
        """Begins the leaf that a line begins."""
        if fence := FENCE.match(rest):
            words = fence[2].split()
            self.begin_code(words[0] if words else "", fence[1], len(rest) - len(rest.lstrip(" ")), out)
        elif (heading := HEADING.match(rest)) and len(rest) <= HEAD:
            leaf = Heading(len(heading[1]), heading[2] or "", *self.prefixes())
            self.open(leaf, out, apart=True)
            self.close_leaf(out)
            self.blank = True
        elif RULE.match(rest):
            self.open(Rule(self.prefixes()[0]), out, apart=True)
            self.close_leaf(out)
        elif rest.startswith("    "):
            self.begin_code("", "", 0, out)
            code = self.leaf
            if isinstance(code, Code):
                self.add_code(code, rest[4:], out)
        elif reference := REFERENCE.match(rest):
            label = " ".join(reference[1].split()).upper()
            self.late = self.late or (label not in self.references and self.begun)
            self.references.setdefault(label, reference[2])
        elif footnote := FOOTNOTE.match(rest):
            self.open(Paragraph(*self.prefixes(), f"[{footnote[1]}] {footnote[2]}", 1, True), out)
        else:
            self.open(Paragraph(*self.prefixes(), rest.lstrip(), 1), out)

    def begin_code(self, language: str, fence: str, dedent: int, out: list[Line]) -> None:
        """Begins a code block."""
        first, rest = self.prefixes()
        number, self.code_count = self.code_count, self.code_count + 1
        if self.recording:
            self.codes.append([])
        code = Code(number, first, rest, Highlighter(language, self.look.palette), fence, dedent)
        self.open(code, out, apart=True)
