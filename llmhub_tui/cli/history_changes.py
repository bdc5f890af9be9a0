"""`history rename`, `delete`, `path`, `check` and `compact`."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from llmhub_tui.ask.diagnostics import ExitCode
from llmhub_tui.cli.choosing import one
from llmhub_tui.cli.saved import answer, opened, record
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.store.library import FILE_NAME
from llmhub_tui.store.paths import data_directory


def rename(wish: str, title: str, *, as_json: bool) -> None:
    """Gives a conversation another title."""
    with opened() as library:
        known = one(library, wish)
        library.listing.rename(known.id, title)
        after = library.listing.summary(known.id) or known
    answer(record(after), f"{known.id[:8]} is now “{plain_line(after.title)}”", as_json=as_json)


def delete(wishes: Sequence[str], *, undo: bool, as_json: bool) -> None:
    """Deletes conversations, or brings them back."""
    with opened() as library:
        if undo:
            found = [library.listing.summary(wish) for wish in wishes]
            missing = [wish for wish, summary in zip(wishes, found, strict=True) if summary is None]
            if missing:
                raise click.ClickException(f"no conversation has the id {missing[0]!r}")
            summaries = [summary for summary in found if summary is not None]
        else:
            summaries = [one(library, wish) for wish in wishes]
        for summary in summaries:
            (library.listing.restore if undo else library.listing.delete)(summary.id)
    done = "is back" if undo else "is deleted; to undo it: llmhub-chat history delete --undo"
    lines = [
        f"“{plain_line(summary.title, 60)}” {done}{'' if undo else f' {summary.id}'}" for summary in summaries
    ]
    answer([record(summary) for summary in summaries], "\n".join(lines), as_json=as_json)


def show_path(*, as_json: bool) -> None:
    """Where the file is, or will be."""
    found = str(data_directory(dict(os.environ)) / FILE_NAME)
    answer({"path": found}, found, as_json=as_json)


def check(*, as_json: bool) -> int:
    """What is damaged; answers with the exit status."""
    with opened() as library:
        problems = library.check()
    text = "\n".join(problems) or "no damage found"
    answer({"sound": not problems, "problems": problems}, text, as_json=as_json)
    return ExitCode.FAILED if problems else ExitCode.FINISHED


def compact(*, as_json: bool) -> None:
    """Removes what was deleted, and what the file no longer needs."""
    with opened() as library:
        before = library.path.stat().st_size
        purged = library.listing.purge()
        library.compact()
        after = library.path.stat().st_size
    answer(
        {"removed": purged, "bytes_before": before, "bytes_after": after},
        f"{purged} deleted conversations removed; {before:,} bytes before, {after:,} after",
        as_json=as_json,
    )
