"""Tools for an app that is tested: real ones, permissions in memory, a clock that the test moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from support.boxes import built_ins

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.tools.consent import Gate, PolicyGate, Rule, RuleBook
from llmhub_tui.tools.mcp.offers import Offer, PromptOffer, ResourceOffer
from llmhub_tui.tools.toolbox import Toolbox
from llmhub_tui.tui.asking import Asker


@dataclass
class MemoryShelf:
    """Keeps rules in memory."""

    kept: tuple[Sequence[Rule], Sequence[str]] = ((), ())
    full: bool = False
    saves: int = 0

    def load(self) -> tuple[Sequence[Rule], Sequence[str]]:
        """What was kept."""
        return self.kept

    def save(self, rules: Sequence[Rule], never: Sequence[str]) -> None:
        """Keeps."""
        if self.full:
            raise ChatError(ErrorKind.SETUP, "the disk is full")
        self.kept = (tuple(rules), tuple(never))
        self.saves += 1


@dataclass
class FakeServers:
    """Offers a prompt and a resource, as an MCP server would."""

    some: bool = True

    def offers(self) -> Sequence[Offer]:
        """One of each."""
        prompt = PromptOffer("git", "review", "Reviews a file", (("file", "which one", True),))
        return [prompt, ResourceOffer("git", "note://one", "Note one", "")] if self.some else []

    async def text_of(self, offer: Offer, arguments: Mapping[str, str]) -> str:
        """What it says."""
        if isinstance(offer, PromptOffer):
            return f"Review {arguments['file']}.\x1b[2J"
        return "The note's text."


@dataclass
class Desk:
    """See `tui.tooling.ToolDesk`."""

    toolbox: Toolbox = field(default_factory=built_ins)
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    servers: FakeServers = field(default_factory=FakeServers)
    profile: str = "demo"
    kept: Sequence[str] = ()
    now: float = 0.0

    def __post_init__(self) -> None:
        self.book = RuleBook(self.shelf)
        self.asker = Asker(self._tick)

    def _tick(self) -> float:
        """A hand is slow: a second passes between any two looks at the clock."""
        self.now += 1
        return self.now

    def gate(self, person: Gate) -> PolicyGate:
        """A gate for one conversation."""
        return PolicyGate(person, self.book, unasked=lambda *_: False, tell=self.asker.tell)

    async def keep(self, on: Sequence[str]) -> None:
        """Keeps the choice."""
        self.kept = tuple(on)
