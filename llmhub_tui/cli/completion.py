"""Shell completion: commands and options by click, conversations by title."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import Final

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, get_completion_class

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain_line

PROGRAM: Final = "llmhub-chat"
VARIABLE: Final = "_LLMHUB_CHAT_COMPLETE"
_OFFERED: Final = 30
_SPECIAL: Final = re.compile(r"([^\w@%+=:,./-])")


@add_completion_class
class _Bash(BashComplete):
    """Bash inserts what it is told as it is, so that white space and quotes in titles need a backslash.

    They get two, since the `read` of click's script takes one away.
    """

    name = "bash"

    def format_completion(self, item: CompletionItem) -> str:
        """One candidate, safe to insert."""
        value = _SPECIAL.sub(r"\\\\\1", item.value) if item.type == "plain" else item.value
        return f"{item.type},{value}"


def complete_conversation(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The conversations whose title begins with what was typed, or has its words; the last used first."""
    from llmhub_tui.store.disk import Disk  # SQLite: 10 ms
    from llmhub_tui.store.library import FILE_NAME
    from llmhub_tui.store.listing import Listing
    from llmhub_tui.store.paths import data_directory

    path = data_directory(dict(os.environ)) / FILE_NAME
    found = []
    with suppress(StorageError):  # completion never complains
        listing = Listing(Disk(path))
        summaries = listing.matching(incomplete, _OFFERED) if incomplete else listing.summaries(_OFFERED)
        known: set[str] = set()
        for summary in summaries:
            title = summary.title
            usable = title and title == plain_line(title) and title not in known and not title.startswith("-")
            known.add(title)
            value, told = (title, summary.id[:8]) if usable else (summary.id, plain_line(title, 60))
            found.append(CompletionItem(value, help=told))
    begun = [item for item in found if item.value.lower().startswith(incomplete.lower())]
    return begun or found


def completion_script(command: click.Command, shell: str) -> str:
    """What a shell has to read."""
    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"there is no completion for {shell}")
    return completion(command, {}, PROGRAM, VARIABLE).source()
