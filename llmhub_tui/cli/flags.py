"""The options that the chat and the one-shot mode share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

import click

LAST: Final = ""
"""In place of a conversation's id: the one that was used last."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Flags:
    """What was said on the command line; `None` where nothing was."""

    profile: str | None = None
    base_url: str | None = None
    model: str | None = None
    system: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    connect_timeout: float | None = None
    first_token_timeout: float | None = None
    silence_timeout: float | None = None
    stream: bool | None = None
    demo: bool = False
    record: str | None = None
    log_level: str | None = None

    @classmethod
    def take(cls, options: Mapping[str, Any]) -> Flags:
        """Takes what is its own of the options that click has parsed and checked."""
        return cls(**{field.name: options[field.name] for field in fields(cls) if field.name in options})

    @classmethod
    def of(cls, ctx: click.Context) -> Flags:
        """The options of a command, wherever they stand: before its name or behind it."""
        before: Mapping[str, Any] = ctx.parent.params if ctx.parent is not None else {}
        return cls.take(
            {
                name: before.get(name) if value is None or value is False else value
                for name, value in ctx.params.items()
            }
        )


_SECONDS = click.FloatRange(min=0, min_open=True)
_OPTIONS = (
    click.option("--profile", metavar="NAME", help="The profile in the settings file to use."),
    click.option("--base-url", metavar="URL", help="The server, for instance http://127.0.0.1:11434/v1."),
    click.option("-m", "--model", metavar="NAME", help="The model; without it, the server's first one."),
    click.option("-s", "--system", metavar="TEXT", help="The system prompt."),
    click.option("--temperature", type=click.FloatRange(0, 2), help="From 0 (always the same) to 2."),
    click.option("--max-tokens", type=click.IntRange(min=1), help="Where to cut a reply."),
    click.option("--connect-timeout", type=_SECONDS, metavar="S", help="To reach the server; 10."),
    click.option("--first-token-timeout", type=_SECONDS, metavar="S", help="For a reply to begin; 120."),
    click.option("--silence-timeout", type=_SECONDS, metavar="S", help="Between two pieces of a reply; 60."),
    click.option(
        "--stream/--no-stream", default=None, help="Words as they come, or the whole reply at once."
    ),
    click.option("--record", metavar="FILE", help="Write what passes over the wire; never the key."),
    click.option(
        "--log-level",
        type=click.Choice(("error", "warning", "info", "debug")),
        help="What goes to llmhub-chat.log in the data folder; warning.",
    ),
    click.option("--demo", is_flag=True, help="Talk to the embedded demo; no key, no network."),
)


def connection_options(command: F) -> F:
    """Adds the shared options to a click command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
