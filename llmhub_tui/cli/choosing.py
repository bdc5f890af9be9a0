"""Which conversation is meant by an id or some words."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import Final

import click

from llmhub_tui.ask.diagnostics import Diagnostics
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.store.library import Library
from llmhub_tui.store.listing import Summary
from llmhub_tui.store.paths import data_directory

_OFFERED: Final = 9


def one(library: Library, wish: str) -> Summary:
    """The one conversation that is meant.

    Raises:
        click.ClickException: if it is none, or several.
    """
    found = library.listing.matching(wish) if wish.strip() else library.listing.summaries(1)
    if not found:
        raise click.ClickException(
            f"no conversation has the id or title {wish!r}" if wish else "there is no conversation yet"
        )
    if len(found) > 1:
        lines = "; ".join(f"{summary.id[:8]} {plain_line(summary.title, 40)}" for summary in found[:_OFFERED])
        raise click.ClickException(f"{wish!r} may mean several: {lines}")
    return found[0]


def choose_conversation(wish: str) -> str | None:
    """The id of the conversation to open; asks where words name several, or none were given.

    Raises:
        StorageError: if the saved conversations can't be read.
        click.ClickException: if there is none.
    """
    library = Library(data_directory(dict(os.environ)))
    found = library.listing.matching(wish, _OFFERED) if wish else library.listing.summaries(_OFFERED)
    library.close()
    if not found:
        raise click.ClickException(
            f"no conversation has the id or title {wish!r}" if wish else "there is no conversation yet"
        )
    if len(found) == 1 and wish:
        return found[0].id
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        Diagnostics().say(f"{wish!r} may mean several" if wish else "which conversation?", "Give an id.")
        return None
    return _asked(found[:_OFFERED])


def _asked(found: Sequence[Summary]) -> str | None:
    for number, summary in enumerate(found, 1):
        click.echo(f"{number}  {moment(summary.updated_at)}  {plain_line(summary.title, 60) or '(no title)'}")
    answer = click.prompt("Open which", default="1", show_default=False, prompt_suffix=" [1]? ")
    if str(answer).isdecimal() and 0 < int(answer) <= len(found):
        return found[int(answer) - 1].id
    Diagnostics().say(f"{answer!r} is none of these")
    return None


def moment(seconds: float) -> str:
    """A time of this place."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
    except (OverflowError, OSError, ValueError):
        return "????-??-?? ??:??"
