"""`history list`, `search` and `show`."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from llmhub_tui.ask.diagnostics import ExitCode
from llmhub_tui.cli.choosing import moment, one
from llmhub_tui.cli.saved import answer, opened, record, safe
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.export.files import FORMATS
from llmhub_tui.store.listing import Summary
from llmhub_tui.store.search import Hit


def list_conversations(words: str, limit: int, *, archived: bool, as_json: bool) -> None:
    """One line for each conversation."""
    with opened() as library:
        found = library.listing.summaries(limit, words=words, archived=archived)
    answer([record(summary) for summary in found], "\n".join(map(_line, found)), as_json=as_json)


def search(query: str, limit: int, *, as_json: bool) -> int:
    """Each hit with its conversation; answers with the exit status."""
    with opened() as library:
        found = library.search.find(query, limit)
    answer([asdict(hit) for hit in found], "\n".join(map(_hit, found)), as_json=as_json)
    return ExitCode.FINISHED if found else ExitCode.FAILED


def show(wish: str, ending: str) -> None:
    """A conversation in one of the formats."""
    with opened() as library:
        conversation, _ = library.load(one(library, wish).id)
    click.echo(safe(FORMATS[f".{ending}"](conversation)), nl=False)


def _line(summary: Summary) -> str:
    facts = [
        summary.id[:8],
        moment(summary.updated_at),
        f"{summary.messages:>4}",
        plain_line(summary.title, 60) or "(no title)",
    ]
    marks = [name for name, set_ in (("pinned", summary.pinned), ("archived", summary.archived)) if set_]
    if summary.ending not in (None, Ending.COMPLETE, Ending.TOOL_CALLS):
        marks.append(str(summary.ending))
    marks += [f"#{plain_line(tag)}" for tag in summary.tags]
    return "  ".join([*facts, *([f"({', '.join(marks)})"] if marks else [])])


def _hit(hit: Hit) -> str:
    snippet = hit.snippet
    if sys.stdout.isatty():
        for start, end in reversed(hit.spans):
            snippet = f"{snippet[:start]}\x1b[1m{snippet[start:end]}\x1b[22m{snippet[end:]}"
    return f"{hit.conversation_id[:8]}  {plain_line(hit.title, 40)}  {hit.role.value}: {snippet}"
