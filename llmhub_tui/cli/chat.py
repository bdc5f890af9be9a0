"""Starts the chat in the terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode
from llmhub_tui.cli.flags import Flags
from llmhub_tui.cli.wiring import Target, find_target, new_id, open_session
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.export.files import FileExporter
from llmhub_tui.session.late import LateClient
from llmhub_tui.store.paths import data_directory

if TYPE_CHECKING:
    from llmhub_tui.store.library import Library
    from llmhub_tui.tui.app import ChatApp
    from llmhub_tui.tui.workspace import Workspace

_DEMO = "Offline demo: no model answers here. To connect, set LLMHUB_API_KEY; F1 helps."
_RECOVERED = "A reply was cut when llmhub-chat ended; what had arrived is shown. Ctrl+G continues it."


def terminal_problem(environ: Mapping[str, str]) -> str:
    """Why the chat can't run here; empty where it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the chat needs a terminal"
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        return f"the chat needs a terminal that can move its cursor, and TERM is {environ.get('TERM', '')!r}"
    return ""


def start_chat(flags: Flags, *, resume: bool, theme: str | None) -> int:
    """Runs the chat; answers with the exit status.

    Raises:
        ChatError: for a mistake in options or settings.
    """
    environ = dict(os.environ)
    if problem := terminal_problem(environ):
        Diagnostics().say(problem, "Use `llmhub-chat ask` in pipes and scripts.")
        return ExitCode.USAGE
    target = find_target(flags, environ)
    try:
        return _run(target, environ, resume=resume, theme=theme or target.settings.theme)
    finally:
        target.close()


def _run(target: Target, environ: Mapping[str, str], *, resume: bool, theme: str) -> int:
    from llmhub_tui.tui.app import ChatApp  # Textual: 250 ms
    from llmhub_tui.tui.workspace import Opening

    opened: list[Library] = []

    def open_workspace() -> Workspace:
        return _workspace(target, environ, resume, opened)

    connection = target.connection
    banner = _DEMO if target.demo is not None else ""
    app = ChatApp(open_workspace, Opening(connection.model, connection.profile, banner, theme))
    status = app.run()
    for library in opened:
        if not library.close():
            Diagnostics().say(f"not everything could be saved: {library.trouble or 'the disk is busy'}")
    return _outcome(app, status, data_directory(environ))


def _workspace(target: Target, environ: Mapping[str, str], resume: bool, opened: list[Library]) -> Workspace:
    """Opens the saved conversations; runs in a thread, after the first frame."""
    from llmhub_tui.store.library import Library  # sqlite3: 10 ms
    from llmhub_tui.tui.workspace import Workspace

    library = Library(data_directory(environ))
    opened.append(library)
    client = LateClient(target.client_maker(environ))
    conversation, notice = _fresh(), library.notice
    if resume and (last := library.last_id()) is not None:
        conversation, recovered = library.load(last)
        notice = _RECOVERED if recovered else notice
    options = target.options()
    return Workspace(
        session=open_session(conversation, client, library, options),
        new_session=lambda: open_session(_fresh(), client, library, options),
        library=library,
        exporter=FileExporter(),
        warm=client.start,
        notice=notice,
    )


def _fresh() -> Conversation:
    return Conversation(new_id(), created_at=time.time())


def _outcome(app: ChatApp, status: int | None, directory: Path) -> int:
    """Says what went wrong, if anything did, now that the terminal is a plain one again."""
    if app.crash_report:
        where = ""
        with suppress(OSError):
            path = directory / "crash.log"
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(app.crash_report)
            where = f"What happened is in {path}."
        reason = app.crash_report.strip().rsplit("\n", 1)[-1]
        Diagnostics().say(f"the chat failed ({reason}); the conversation is saved", where)
        return ExitCode.CRASHED
    if app.trouble:
        Diagnostics().say(app.trouble)
    return status or ExitCode.FINISHED
