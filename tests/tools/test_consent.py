"""What was allowed once, here, always or never, and what that covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.desks import MemoryShelf
from support.toolbox import FakeGate

from llmhub_tui.cli.tooling import SettingsShelf
from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.settings.reading import read_settings
from llmhub_tui.settings.writing import keep_choice
from llmhub_tui.tools.consent import ListGate, PolicyGate, Rule, RuleBook, patterns_for

READ = ConsentRequest("read_file", "built-in", '{"path": "docs/a.txt"}', alike=(("path", "docs/*"),))


@dataclass
class Desk:
    """A gate with everything around it."""

    answers: Sequence[Answer]
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.person = FakeGate(self.answers)
        self.book = RuleBook(self.shelf)
        self.gate = self.new_gate()

    def new_gate(self) -> PolicyGate:
        """The gate of another conversation."""
        return PolicyGate(
            self.person, self.book, unasked=lambda name, _: name == "now", tell=self.told.append
        )


def asking(path: str, source: str = "built-in", tool: str = "read_file") -> ConsentRequest:
    """A call for another path."""
    return ConsentRequest(tool, source, f'{{"path": "{path}"}}', alike=(("path", path),))


async def test_once_is_asked_again() -> None:
    desk = Desk([Answer.ONCE])
    assert [await desk.gate.ask(READ) for _ in range(2)] == [Answer.ONCE] * 2
    assert len(desk.person.asked) == 2


async def test_this_conversation_covers_the_tool_here_and_nowhere_else() -> None:
    desk = Desk([Answer.CONVERSATION, Answer.NO])
    await desk.gate.ask(READ)
    assert (await desk.gate.ask(asking("/elsewhere"))).allows
    assert not (await desk.gate.ask(asking("x", source="MCP server evil"))).allows
    assert not (await desk.new_gate().ask(READ)).allows
    assert desk.shelf.saves == 0


@pytest.mark.parametrize(
    ("request_", "allowed"),
    [
        (asking("docs/b.txt"), True),
        (asking("docs/sub/b.txt"), True),
        (asking("other/b.txt"), False),
        (asking("docs/../other/b.txt"), False),
        (asking("docs/.."), False),
        (asking("docs/b.txt", source="MCP server evil"), False),
        (asking("docs/b.txt", tool="write_file"), False),
        (ConsentRequest("read_file", "built-in", '{"path": "docs/b", "lines": 1}'), False),
        (ConsentRequest("read_file", "built-in", "{}"), False),
    ],
)
async def test_always_covers_what_fits_the_pattern(request_: ConsentRequest, allowed: bool) -> None:
    desk = Desk([Answer.ALWAYS, Answer.NO])
    await desk.gate.ask(READ)
    assert (await desk.new_gate().ask(request_)).allows is allowed


async def test_what_was_allowed_can_be_revoked_and_what_was_refused_pardoned() -> None:
    desk = Desk([Answer.ALWAYS, Answer.NEVER, Answer.ONCE])
    await desk.gate.ask(READ)
    [rule] = desk.book.rules
    desk.book.revoke(rule)
    assert await desk.gate.ask(READ) is Answer.NEVER
    assert await desk.gate.ask(asking("x")) is Answer.NEVER
    assert len(desk.person.asked) == 2
    desk.book.pardon("read_file")
    assert await desk.gate.ask(READ) is Answer.ONCE


async def test_never_takes_back_what_was_allowed_before() -> None:
    desk = Desk([])
    desk.book.allow(Rule("read_file", "built-in", None))
    desk.book.forbid("read_file")
    assert desk.book.rules == ()
    assert await desk.gate.ask(READ) is Answer.NEVER


async def test_what_the_settings_allow_is_not_asked() -> None:
    desk = Desk([])
    assert (await desk.gate.ask(ConsentRequest("now", "built-in", "{}"))).allows


async def test_an_answer_that_cannot_be_kept_holds_and_is_told() -> None:
    desk = Desk([Answer.ALWAYS], MemoryShelf(full=True))
    assert (await desk.gate.ask(READ)).allows
    assert desk.told == ["the disk is full"]


async def test_without_a_person_only_what_was_named_runs() -> None:
    book = RuleBook(MemoryShelf(((Rule("other", "built-in", None),), ("bad",))))
    gate = ListGate(["read_*", "bad"], book)
    assert (await gate.ask(READ)).allows
    assert not (await gate.ask(ConsentRequest("other", "built-in", "{}"))).allows
    assert not (await gate.ask(ConsentRequest("bad", "built-in", "{}"))).allows


def test_values_with_signs_of_patterns_in_them_fit_themselves_alone() -> None:
    patterns = patterns_for({"a": "x*[y]?", "b": 3, "c": {"z": 1}}, {})
    rule = Rule("t", "s", patterns)
    assert rule.allows(ConsentRequest("t", "s", '{"a": "x*[y]?", "b": 3, "c": {"z": 1}}'))
    assert not rule.allows(ConsentRequest("t", "s", '{"a": "xx[y]?", "b": 3, "c": {"z": 1}}'))
    assert not rule.allows(ConsentRequest("t", "s", '{"a": "x*[y]?", "b": 33, "c": {"z": 1}}'))


SETTINGS = """# mine
theme = "nord"  # blue

[tools]
# what I use
on = ["current_time"]

[profiles.local]
base_url = "http://127.0.0.1:1/v1"
"""


def test_permissions_are_kept_in_the_settings_among_the_users_comments(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(SETTINGS)
    path.chmod(0o600)
    book = RuleBook(SettingsShelf(path))
    rule = Rule("read_file", "built-in", (("path", 'a "b"\\*'),))
    book.allow(rule)
    book.allow(Rule("any", "MCP server x", None))
    book.forbid("run_python")
    keep_choice(path, "local", ["calculator"])
    text = path.read_text()
    assert all(line in text for line in SETTINGS.splitlines())
    assert path.stat().st_mode & 0o777 == 0o600
    again = RuleBook(SettingsShelf(path))
    assert again.rules == (rule, Rule("any", "MCP server x", None))
    assert again.never == ("run_python",)
    assert read_settings(path).tools.on_for("local") == ("calculator",)
    assert read_settings(path).tools.on_for("other") == ("current_time",)
    again.revoke(rule)
    again.revoke(Rule("any", "MCP server x", None))
    again.pardon("run_python")
    assert (RuleBook(SettingsShelf(path)).rules, RuleBook(SettingsShelf(path)).never) == ((), ())


def test_two_programs_keep_each_others_rules(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    one, two = RuleBook(SettingsShelf(path)), RuleBook(SettingsShelf(path))
    one.allow(Rule("a", "s"))
    two.allow(Rule("b", "s"))
    assert {rule.tool for rule in RuleBook(SettingsShelf(path)).rules} == {"a", "b"}


def test_a_broken_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("tools = 3 # ]\n")
    path.chmod(0o600)
    with pytest.raises(ChatError):
        keep_choice(path, "x", ["a"])
    assert path.read_text() == "tools = 3 # ]\n"
    assert list(tmp_path.iterdir()) == [path]
