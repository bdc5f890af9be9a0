"""The blocks that are open: containers, and the leaf that takes text."""

from __future__ import annotations

from collections.abc import Mapping

from llmhub_tui.render.containers import Container, Item, Quote, begin_item, begin_quote, prefixes
from llmhub_tui.render.definitions import Definition, begins_definition
from llmhub_tui.render.formulas import Formula, begin_formula
from llmhub_tui.render.highlight import Highlighter
from llmhub_tui.render.leaves import Code, Heading, Leaf, Look, Paragraph, Rule
from llmhub_tui.render.lines import Line
from llmhub_tui.render.patterns import (
    FENCE,
    HEAD,
    HEADING,
    HTML,
    RULE,
    UNDERLINE,
)
from llmhub_tui.render.table import Table, is_delimiter
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs


class Blocks:
    """Begins and ends blocks, and collects what they give up."""

    def __init__(self, look: Look, references: dict[str, Mapping[str, str]]) -> None:
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
        self.lists: dict[int, tuple[str, int]] = {}
        """For each depth the kind and the last number of an ordered list that may go on."""
        self.blank = False
        self.begun = False

    def leave(self, depth: int, out: list[Line]) -> None:
        """Ends the open leaf, and the containers beyond a depth; an empty item shows its marker."""
        self.close_leaf(out)
        if any(isinstance(part, Item) and not part.used for part in self.containers[depth:]):
            self.space(out, apart=False)
            marker = self.prefixes()[0]
            out.append(Line(marker.segments, marker.width, marker.decoration))
        for at, part in enumerate(self.containers[depth:], depth):
            if isinstance(part, Item) and part.number is not None:
                self.lists[at] = (part.kind, part.number)
        del self.containers[depth:]

    def forget_lists(self, depth: int) -> None:
        """What begins at a depth ends the lists that were there and deeper."""
        for at in [at for at in self.lists if at >= depth]:
            del self.lists[at]

    def enter(self, item: Item) -> None:
        """Begins an item; within a list its number is the one after the last, whatever the source says."""
        depth = len(self.containers)
        kind, number = self.lists.get(depth, ("", 0))
        if item.number is not None:
            item.number = number + 1 if kind == item.kind else item.number
            item.marker = f"{item.number}{item.kind} "
        self.forget_lists(depth)
        self.containers.append(item)

    def close_leaf(self, out: list[Line]) -> None:
        """Ends the open leaf."""
        if isinstance(self.leaf, Definition):
            self.define(self.leaf, out)
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
        self.forget_lists(len(self.containers))

    def space(self, out: list[Line], apart: bool) -> None:
        """Puts a blank line between blocks; within a quote it carries the quote's bar."""
        if self.begun and (self.blank or (apart and not self.containers)):
            spaced = [
                at for at, part in enumerate(self.containers, 1) if isinstance(part, Quote) and part.spaced
            ]
            around = self.containers[: spaced[-1]] if spaced else []
            bars = prefixes(around, self.look.palette, self.look.width)[1]
            out.append(Line(bars.segments, bars.width, bars.width))
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
        sign, quote.style = {
            "note": ("✎", palette.note),
            "tip": ("✦", palette.tip),
            "important": ("❢", palette.important),
            "warning": ("⚠", palette.warning),
            "caution": ("⊗", palette.caution),
        }[kind]
        self.space(out, apart=True)
        first, rest = self.prefixes()
        if first.width + 2 <= self.look.width * 2 // 3:
            first, rest = first.extended(f"{sign} ", quote.style), rest.extended("  ", quote.style)
        out += wrap_runs([Run(kind.capitalize(), quote.style)], first, rest, self.look.width)

    def turns(self, leaf: Paragraph, rest: str, out: list[Line]) -> bool:
        """Whether a line makes the open paragraph a heading or the head of a table."""
        if not leaf.whole or leaf.html:
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

    def define(self, leaf: Definition, out: list[Line]) -> None:
        """Notes what a definition says; what of it is none is a paragraph, which stays open."""
        target, text = leaf.read()
        self.leaf = None
        if target is not None:
            self.late = self.late or (target.label not in self.references and self.begun)
            self.references.setdefault(target.label, {"title": "", "href": target.href})
        if text:
            self.open(Paragraph(*self.prefixes(), text, text.count("\n") + 1), out)

    def begins_block(self, rest: str) -> bool:
        """Whether a line interrupts a paragraph."""
        return bool(
            FENCE.match(rest)
            or HEADING.match(rest)
            or RULE.match(rest)
            or begin_formula(rest)
            or HTML.match(rest)
            or begin_quote(rest, self.look.palette)
            or begin_item(rest, 0, in_paragraph=True)
        )

    def extend(self, leaf: Paragraph | Definition, rest: str, out: list[Line]) -> None:
        """Takes another line of a paragraph."""
        if isinstance(leaf, Definition):
            if leaf.take(rest):
                return
            self.define(leaf, out)
            if not isinstance(self.leaf, Paragraph):
                self.begin_leaf(rest.lstrip(), out)
                return
            leaf = self.leaf
        leaf.source += "\n" + rest.lstrip()
        leaf.lines += 1
        out += leaf.settle(self.look)

    def begin_leaf(self, rest: str, out: list[Line]) -> None:
        """Begins the leaf that a line begins."""
        if fence := FENCE.match(rest):
            words = (fence[2] or fence[4] or "").split()
            mark = fence[1] or fence[3]
            self.begin_code(words[0] if words else "", mark, len(rest) - len(rest.lstrip(" ")), out)
        elif (heading := HEADING.match(rest)) and len(rest) <= HEAD:
            self.open(Heading(len(heading[1]), heading[2] or "", *self.prefixes()), out, apart=True)
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
        elif begins_definition(rest):
            self.leaf = Definition(rest.lstrip())
        elif formula := begin_formula(rest):
            leaf = Formula(*self.prefixes(), *formula[:2])
            self.open(leaf, out)
            if leaf.add(formula[2]):
                self.close_leaf(out)
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
