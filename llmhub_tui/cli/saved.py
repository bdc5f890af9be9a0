"""What every `history` command needs: the library for as long as it runs, and one way to answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from llmhub_tui.ask.diagnostics import Diagnostics
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain
from llmhub_tui.store.library import Library
from llmhub_tui.store.listing import Summary
from llmhub_tui.store.paths import data_directory


@contextmanager
def opened() -> Iterator[Library]:
    """The library; what is to be written has been when the block ends.

    Raises:
        StorageError: if it can't be used, or not everything could be written.
    """
    library = Library(data_directory(dict(os.environ)))
    if library.notice:
        Diagnostics().say(library.notice)
    try:
        yield library
    finally:
        done = library.close()
    if not done:
        raise StorageError(library.trouble or "not everything could be saved")


def answer(found: object, text: str, *, as_json: bool) -> None:
    """Prints a result, as JSON for programs or as text for people."""
    if as_json:
        # on a terminal nothing but ASCII, so that nothing in it can drive the terminal
        click.echo(json.dumps(found, indent=2, ensure_ascii=sys.stdout.isatty()))
    elif text:
        click.echo(safe(text))


def safe(text: str) -> str:
    """Text as it is for a file or a pipe, and made harmless for a terminal."""
    return plain(text) if sys.stdout.isatty() else text


def record(summary: Summary) -> dict[str, Any]:
    """A summary as JSON has it."""
    return asdict(summary)
