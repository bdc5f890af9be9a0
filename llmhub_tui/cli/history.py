"""`llmhub-chat history`: the saved conversations, without a screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from llmhub_tui.cli.completion import complete_conversation

_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
_which = click.argument("which", nargs=-1, metavar="[ID or WORDS]", shell_complete=complete_conversation)
FORMATS = ("md", "html", "json", "txt")


@click.group()
def history() -> None:
    """Find, show, export and look after saved conversations."""


@history.command("list")
@click.argument("words", nargs=-1)
@click.option("-n", "--limit", type=click.IntRange(min=1), help="The most to list.")
@click.option("--archived", is_flag=True, help="Archived ones as well.")
@_json
def list_(words: Sequence[str], limit: int | None, archived: bool, as_json: bool) -> None:
    """List conversations, the last used first; WORDS are in their titles or tags."""
    from llmhub_tui.cli import history_reading  # SQLite: 10 ms

    history_reading.list_conversations(" ".join(words), limit or -1, archived=archived, as_json=as_json)


@history.command()
@click.argument("query", nargs=-1, required=True)
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True)
@_json
@click.pass_context
def search(ctx: click.Context, query: Sequence[str], limit: int, as_json: bool) -> None:
    """Look for words, or parts of words, in every message of every attempt.

    Exit status: 0 found, 1 nothing found.
    """
    from llmhub_tui.cli import history_reading  # SQLite: 10 ms

    ctx.exit(history_reading.search(" ".join(query), limit, as_json=as_json))


@history.command()
@_which
@click.option("-f", "--format", "ending", type=click.Choice(FORMATS), default="txt", show_default=True)
@_json
def show(which: Sequence[str], ending: str, as_json: bool) -> None:
    """Print a conversation; without ID or WORDS, the last one."""
    from llmhub_tui.cli import history_reading  # SQLite: 10 ms

    history_reading.show(" ".join(which), "json" if as_json else ending)


@history.command()
@click.argument("which", metavar="ID", shell_complete=complete_conversation)
@click.argument("title", nargs=-1, required=True)
@_json
def rename(which: str, title: Sequence[str], as_json: bool) -> None:
    """Give a conversation another title."""
    from llmhub_tui.cli import history_changes  # SQLite: 10 ms

    history_changes.rename(which, " ".join(title), as_json=as_json)


@history.command()
@click.argument("which", metavar="ID", nargs=-1, required=True, shell_complete=complete_conversation)
@click.option("--undo", is_flag=True, help="Bring deleted ones back, until `history compact`; needs ids.")
@_json
def delete(which: Sequence[str], undo: bool, as_json: bool) -> None:
    """Delete conversations; `history compact` removes them for good."""
    from llmhub_tui.cli import history_changes  # SQLite: 10 ms

    history_changes.delete(which, undo=undo, as_json=as_json)


@history.command()
@_which
@click.option("--all", "everything", is_flag=True, help="Every conversation, each in a file of its own.")
@click.option("-f", "--format", "ending", type=click.Choice(FORMATS), help="md, unless --output says more.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A file, or a folder; else a file here, named after the title.",
)
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@_json
def export(  # one parameter for each option
    which: Sequence[str],
    everything: bool,
    ending: str | None,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write one conversation, or all, to files: Markdown, HTML, JSON (complete) or plain text."""
    from llmhub_tui.cli import history_files  # SQLite: 10 ms

    job = history_files.Export(" ".join(which), everything, ending, output, force)
    history_files.export(job, as_json=as_json)


@history.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_json
@click.pass_context
def import_(ctx: click.Context, paths: Sequence[Path], as_json: bool) -> None:
    """Take in conversations from other programs' exports, as they are or zipped.

    Known: our own JSON, ChatGPT, Claude, Open WebUI, and the logs.db of `llm`. What is there already
    is not added again.

    Exit status: 0 all read, 1 something could not be read.
    """
    from llmhub_tui.cli import history_files  # SQLite: 10 ms

    ctx.exit(history_files.import_files(paths, as_json=as_json))


@history.command()
@_json
def path(as_json: bool) -> None:
    """Print where the conversations are saved."""
    from llmhub_tui.cli import history_changes  # SQLite: 10 ms

    history_changes.show_path(as_json=as_json)


@history.command()
@_json
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Look for damage in the file. Exit status: 0 sound, 1 damaged."""
    from llmhub_tui.cli import history_changes  # SQLite: 10 ms

    ctx.exit(history_changes.check(as_json=as_json))


@history.command()
@_json
def compact(as_json: bool) -> None:
    """Remove deleted conversations for good, and make the file as small as it can be."""
    from llmhub_tui.cli import history_changes  # SQLite: 10 ms

    history_changes.compact(as_json=as_json)
