"""`history export` and `import`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode
from llmhub_tui.cli.choosing import one
from llmhub_tui.cli.saved import answer, opened
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.export.files import FORMATS, FileExporter, default_name
from llmhub_tui.export.reading import Found, Unreadable, read_file
from llmhub_tui.store.library import Library
from llmhub_tui.store.llm_logs import is_llm_log, read_llm_log
from llmhub_tui.store.paths import make_private

_MOST_NAMES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written where."""

    wish: str
    everything: bool
    ending: str | None
    output: Path | None
    force: bool


def export(job: Export, *, as_json: bool) -> None:
    """Writes one conversation or all.

    Raises:
        click.ClickException: if a file is in the way, or it is not clear which conversation is meant.
        StorageError: if the disk refuses.
    """
    if job.everything and job.wish:
        raise click.UsageError("--all means every conversation; name none, or leave --all out")
    written = []
    with opened() as library:
        if job.everything:
            ids = [summary.id for summary in library.listing.summaries(archived=True)]
        else:
            ids = [one(library, job.wish).id]
        for conversation_id in ids:
            conversation, _ = library.load(conversation_id)
            path = _write(conversation, job)
            written.append({"id": conversation_id, "path": str(path)})
    answer(written, "\n".join(entry["path"] for entry in written), as_json=as_json)


def _write(conversation: Conversation, job: Export) -> Path:
    output = job.output or Path()
    is_folder = job.everything or output.is_dir()
    if not is_folder:
        ending = f".{job.ending}" if job.ending else output.suffix.lower()
        path = (
            output if output.suffix.lower() in FORMATS else output.with_name(output.name + (ending or ".md"))
        )
        if job.ending and path.suffix.lower() != ending:
            raise click.UsageError(f"{output.name!r} and --format {job.ending} do not fit together")
        _put(conversation, path, overwrite=job.force)
        return path
    try:
        make_private(output)
    except OSError as error:
        raise StorageError(f"the folder {output} cannot be made: {error.strerror}") from error
    name = default_name(conversation, f".{job.ending or 'md'}")
    if job.force or not job.everything:
        _put(conversation, output / name, overwrite=job.force)
        return output / name
    for path in _names(output / name):  # two conversations may have one title
        try:
            FileExporter().write(conversation, path, overwrite=False)
        except FileExistsError:
            continue
        return path
    raise StorageError(f"{output} holds too many files with the name {name}")


def _put(conversation: Conversation, path: Path, *, overwrite: bool) -> None:
    try:
        FileExporter().write(conversation, path, overwrite=overwrite)
    except FileExistsError as error:
        raise click.ClickException(f"{path} is there already; --force overwrites it") from error


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, _MOST_NAMES):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")


def import_files(paths: Sequence[Path], *, as_json: bool) -> int:
    """Takes in what can be read; says line by line what can't. Answers with the exit status."""
    say = Diagnostics().say
    added = messages = known = 0
    unread = []
    with opened() as library:
        for path in _files(paths):
            entries = read_llm_log(path) if is_llm_log(path) else read_file(path)
            for entry in entries:
                if isinstance(entry, Unreadable):
                    unread.append({"file": str(path), "where": entry.where, "why": entry.why})
                    say(f"{path.name}: {plain_line(entry.where, 80)}: {plain_line(entry.why, 300)}")
                    continue
                new = _take_in(library, entry)
                added += bool(new)
                known += not new
                messages += new
    text = f"{added} conversations with {messages} messages added; {known} were there already"
    if unread:
        text += f"; {len(unread)} entries could not be read"
    result = {"added": added, "messages": messages, "known": known, "unreadable": unread}
    answer(result, text, as_json=as_json)
    return ExitCode.FAILED if unread else ExitCode.FINISHED


def _take_in(library: Library, found: Found) -> int:
    new = library.take_in(found.conversation, updated_at=found.updated_at)
    if new:
        if found.archived:
            library.listing.archive(found.conversation.id)
        if found.pinned:
            library.listing.pin(found.conversation.id)
        if found.tags:
            library.listing.tag(found.conversation.id, found.tags)
    return new


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files themselves, and those in folders that may hold conversations."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                entry for entry in path.rglob("*") if entry.suffix.lower() in (".json", ".zip", ".db")
            )
        else:
            yield path
