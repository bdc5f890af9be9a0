"""What the user has allowed and forbidden for longer than one call."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, Protocol

from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.errors import ChatError

_UP: Final = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)")


@dataclass(frozen=True, slots=True)
class Rule:
    """Calls that may run unasked."""

    tool: str
    source: str
    """A tool of the same name from elsewhere is another tool."""
    arguments: tuple[tuple[str, str], ...] | None = ()
    """A pattern, as for file names, for each argument; `None` allows any arguments."""

    def allows(self, request: ConsentRequest) -> bool:
        """Whether this rule is about such a call."""
        if (request.tool, request.source) != (self.tool, self.source):
            return False
        if self.arguments is None:
            return True
        try:
            arguments = json.loads(request.arguments)
        except ValueError:
            return False
        patterns = dict(self.arguments)
        if not isinstance(arguments, dict) or arguments.keys() != patterns.keys():
            return False
        return all(_fits(pattern_text(arguments[name]), pattern) for name, pattern in patterns.items())

    def words(self) -> str:
        """For the user."""
        if self.arguments is None:
            return f"{self.tool}, with any arguments"
        shown = ", ".join(f"{name} = {pattern}" for name, pattern in self.arguments)
        return f"{self.tool}, {shown}" if shown else f"{self.tool}, without arguments"


def _fits(text: str, pattern: str) -> bool:
    """Whether a value is what a pattern means; one that climbs out of a folder fits itself alone."""
    if _UP.search(text):
        return text == pattern
    return fnmatchcase(text, pattern)


def pattern_text(value: object) -> str:
    """An argument's value as patterns see it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def patterns_for(arguments: Mapping[str, Any], alike: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """A pattern for every argument: the tool's own, or else one that only the same value fits."""
    return tuple(
        (name, alike.get(name) or glob.escape(pattern_text(value))) for name, value in arguments.items()
    )


class Shelf(Protocol):
    """Where the rules are kept. Both methods may raise `ChatError`."""

    def load(self) -> tuple[Sequence[Rule], Sequence[str]]:
        """The rules, and the names of the tools that are refused."""
        ...

    def save(self, rules: Sequence[Rule], never: Sequence[str]) -> None:
        """Puts others in their place."""
        ...


class RuleBook:
    """All lasting permissions and refusals. Every change is kept; what another program kept stays."""

    def __init__(self, shelf: Shelf) -> None:
        """Takes where they are kept."""
        self._shelf = shelf
        self._rules: list[Rule] = []
        self._never: list[str] = []
        self._reload()

    def _reload(self) -> None:
        rules, never = self._shelf.load()
        self._rules, self._never = list(rules), list(never)

    def _keep(self) -> None:
        self._shelf.save(self._rules, self._never)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The permissions."""
        return tuple(self._rules)

    @property
    def never(self) -> tuple[str, ...]:
        """The names of the tools that are refused."""
        return tuple(self._never)

    def allows(self, request: ConsentRequest) -> bool:
        """Whether such a call may run unasked."""
        return any(rule.allows(request) for rule in self._rules)

    def allow(self, rule: Rule) -> None:
        """Adds a permission."""
        self._reload()
        if rule not in self._rules:
            self._rules.append(rule)
            self._keep()

    def forbid(self, tool: str) -> None:
        """Refuses a tool from now on, whatever was allowed before."""
        self._reload()
        self._rules = [rule for rule in self._rules if rule.tool != tool]
        if tool not in self._never:
            self._never.append(tool)
        self._keep()

    def revoke(self, rule: Rule) -> None:
        """Takes a permission back."""
        self._reload()
        self._rules = [known for known in self._rules if known != rule]
        self._keep()

    def pardon(self, tool: str) -> None:
        """Lets a refused tool be asked about again."""
        self._reload()
        self._never = [known for known in self._never if known != tool]
        self._keep()


class Gate(Protocol):
    """Asks a person. See `session.ports.ConsentGate`."""

    async def ask(self, request: ConsentRequest) -> Answer:
        """The answer."""
        ...


class PolicyGate:
    """Answers what was answered before, and asks the person about the rest. One for each conversation."""

    def __init__(
        self,
        person: Gate,
        book: RuleBook,
        *,
        unasked: Callable[[str, str], bool],
        tell: Callable[[str], None],
    ) -> None:
        """Takes whom to ask.

        Args:
            person: is asked where nothing else is known.
            book: what holds beyond this conversation.
            unasked: by name and source, whether a tool may run without any question.
            tell: takes why an answer could not be kept; it then holds until the program ends.
        """
        self._person = person
        self._book = book
        self._unasked = unasked
        self._tell = tell
        self._here: set[tuple[str, str]] = set()

    async def ask(self, request: ConsentRequest) -> Answer:
        """See `session.ports.ConsentGate`."""
        key = (request.tool, request.source)
        if request.tool in self._book.never:
            return Answer.NEVER
        if key in self._here:
            return Answer.CONVERSATION
        if self._unasked(*key) or self._book.allows(request):
            return Answer.ALWAYS
        answer = await self._person.ask(request)
        try:
            match answer:
                case Answer.CONVERSATION:
                    self._here.add(key)
                case Answer.ALWAYS:
                    self._book.allow(Rule(request.tool, request.source, request.alike))
                case Answer.NEVER:
                    self._book.forbid(request.tool)
                case _:
                    pass
        except ChatError as error:
            self._tell(error.message)
        return answer


class ListGate:
    """Allows what was named beforehand, and nothing else: for when there is nobody to ask."""

    def __init__(self, allowed: Sequence[str], book: RuleBook) -> None:
        """Takes names or patterns of tools."""
        self._allowed = allowed
        self._book = book

    async def ask(self, request: ConsentRequest) -> Answer:
        """See `session.ports.ConsentGate`."""
        if request.tool in self._book.never:
            return Answer.NEVER
        named = any(fnmatchcase(request.tool, name) for name in self._allowed)
        return Answer.ONCE if named else Answer.NO
