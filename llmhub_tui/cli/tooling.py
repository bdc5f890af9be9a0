"""Builds the tools out of the settings, and keeps in the settings what is decided about them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from llmhub_tui.settings.reading import read_settings, settings_path
from llmhub_tui.settings.schema import BUILT_IN, Settings
from llmhub_tui.settings.tools import Command, Permission
from llmhub_tui.store.paths import data_directory
from llmhub_tui.tools.builtin.roots import Roots
from llmhub_tui.tools.builtin.source import BuiltIns
from llmhub_tui.tools.commands import Commands, CommandSpec
from llmhub_tui.tools.consent import Gate, ListGate, PolicyGate, Rule, RuleBook
from llmhub_tui.tools.functions import UserFunctions
from llmhub_tui.tools.mcp.servers import McpServers
from llmhub_tui.tools.tool import Source
from llmhub_tui.tools.toolbox import Toolbox
from llmhub_tui.tui.asking import Asker


@dataclass(frozen=True, slots=True)
class SettingsShelf:
    """Keeps rules in the settings file."""

    path: Path

    def load(self) -> tuple[Sequence[Rule], Sequence[str]]:
        """See `tools.consent.Shelf`."""
        tools = read_settings(self.path).tools
        return [_rule(permission) for permission in tools.always], tools.never

    def save(self, rules: Sequence[Rule], never: Sequence[str]) -> None:
        """See `tools.consent.Shelf`."""
        from llmhub_tui.settings.writing import keep_permissions  # tomlkit: 70 ms, with the first change

        keep_permissions(self.path, [_permission(rule) for rule in rules], never)


def _rule(permission: Permission) -> Rule:
    patterns = permission.arguments
    return Rule(permission.tool, permission.source, None if patterns is None else tuple(patterns.items()))


def _permission(rule: Rule) -> Permission:
    return Permission(rule.tool, rule.source, None if rule.arguments is None else dict(rule.arguments))


class Workshop:
    """All that has to do with tools, for one run of the program."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], *, profile: str) -> None:
        """Reads nothing and starts nothing yet; `profile` is the one in use."""
        self._path = settings_path(environ)
        tools = settings.tools
        hidden = (self._path.parent, data_directory(environ))
        roots = Roots([Path(root) for root in tools.roots], hidden=hidden)
        folder = self._path.parent
        self.servers = McpServers(folder / "mcp.json", environ)
        sources: list[Source] = [
            BuiltIns(roots, private_addresses=tools.private_addresses),
            UserFunctions(folder / "tools", _without_keys(environ, settings)),
            Commands([_spec(name, command) for name, command in tools.commands.items()], environ),
            self.servers,
        ]
        self._sources = sources
        self._limit_s = tools.limit_s
        self.toolbox = self.new_toolbox()
        """For looking at what there is."""
        self.book = RuleBook(SettingsShelf(self._path))
        self.profile = profile
        self.asker = Asker()
        self.on = tools.on_for(profile)
        """What is on in a new conversation."""
        self._read_only = tools.allow_read_only

    def new_toolbox(self) -> Toolbox:
        """The tools for one conversation; which of them are offered is its own affair."""
        return Toolbox(self._sources, limit_s=self._limit_s)

    def plugs(self, person: Gate) -> tuple[Toolbox, PolicyGate]:
        """Tools for one conversation, and the gate in front of them."""
        toolbox = self.new_toolbox()

        def unasked(name: str, source: str) -> bool:
            tool = toolbox.known(name)
            return self._read_only and tool is not None and tool.read_only and tool.source == source

        return toolbox, PolicyGate(person, self.book, unasked=unasked, tell=self.asker.tell)

    def list_gate(self, allowed: Sequence[str]) -> ListGate:
        """A gate for when there is nobody to ask."""
        return ListGate(allowed, self.book)

    async def keep(self, on: Sequence[str]) -> None:
        """Makes a choice of tools the profile's own.

        Raises:
            ChatError: if the settings cannot be changed.
        """
        from llmhub_tui.settings.writing import keep_choice  # tomlkit: 70 ms, with the first change

        await asyncio.to_thread(keep_choice, self._path, self.profile, on)
        self.on = tuple(on)


def _spec(name: str, command: Command) -> CommandSpec:
    return CommandSpec(
        name,
        command.argv,
        command.description,
        command.parameters,
        command.environment,
        command.limit_s,
    )


def _without_keys(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment for the user's own functions, which may need anything in it but our keys."""
    keys = {profile.key_env for profile in (*BUILT_IN.values(), *settings.profiles.values())}
    return {name: value for name, value in environ.items() if name not in keys}
