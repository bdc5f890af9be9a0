"""What the settings file may say about tools, under `[tools]`."""

from __future__ import annotations

from typing import Any

import msgspec


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program that is a tool. It is started as it stands here, without a shell."""

    argv: tuple[str, ...]
    """The program and its arguments; `{name}` stands for the argument of that name."""
    description: str
    """For the model."""
    parameters: dict[str, str | dict[str, Any]] = {}
    """For each placeholder a description, or a JSON schema."""
    environment: tuple[str, ...] = ()
    """Names of further variables that it gets; keys are not among those that it gets anyway."""
    limit_s: float | None = None

    def __post_init__(self) -> None:
        if not self.argv or not self.argv[0]:
            raise ValueError("argv must name a program")
        if "{" in self.argv[0]:
            raise ValueError("the program itself cannot be a placeholder")


class Permission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calls that may run unasked."""

    tool: str
    source: str = "built-in"
    arguments: dict[str, str] | None = None
    """A pattern for each argument, as for file names; left out, any arguments will do."""


class Tools(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which tools there are, which are on, and what they may do."""

    on: tuple[str, ...] = ()
    """The names, or patterns such as `time__*`, of the tools that are on where nothing else is said."""
    profiles: dict[str, tuple[str, ...]] = {}
    """The same for one profile, in place of `on`."""
    roots: tuple[str, ...] = ()
    """The folders that the file tools may see."""
    rounds: int = 20
    """How often one turn may ask the model again with results."""
    limit_s: float = 60.0
    """How long a tool may run, in seconds."""
    allow_read_only: bool = False
    """Whether built-in tools that change nothing and tell nobody run unasked."""
    private_addresses: bool = False
    """Whether `fetch_url` may go to this machine and to private networks."""
    commands: dict[str, Command] = {}
    always: tuple[Permission, ...] = ()
    """Written by the answer Always."""
    never: tuple[str, ...] = ()
    """Written by the answer Never."""

    def __post_init__(self) -> None:
        if self.rounds < 1:
            raise ValueError(f"rounds must be at least 1, not {self.rounds}")
        if self.limit_s <= 0:
            raise ValueError(f"limit_s must be more than 0, not {self.limit_s:g}")

    def on_for(self, profile: str) -> tuple[str, ...]:
        """What is on for a profile."""
        return self.profiles.get(profile, self.on)
