"""Starts the chat in the terminal."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode, silence
from llmhub_tui.cli.crash import open_log, report_crash
from llmhub_tui.cli.environment import take_environment
from llmhub_tui.cli.flags import LAST, Flags
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain_line

if TYPE_CHECKING:
    from llmhub_tui.cli.sessions import Sessions
    from llmhub_tui.cli.taps import Recording
    from llmhub_tui.cli.tooling import Workshop
    from llmhub_tui.cli.wiring import Target
    from llmhub_tui.domain.conversation import Conversation
    from llmhub_tui.store.library import Library
    from llmhub_tui.tui.app import ChatApp
    from llmhub_tui.tui.opening import Opening
    from llmhub_tui.tui.workspace import Workspace

_ESCAPE_MS = "25"
"""Milliseconds after which an escape character alone is the Escape key; Textual waits for 100."""
_DEMO = "Offline demo: no model answers here. F2 connects to a server; F1 helps."
_TRIES = ("How do I connect to Ollama?", "code, table, think, tool, long, drop, cut")
_RECOVERED = "A reply was cut when llmhub-chat ended; what had arrived is shown. Ctrl+G continues it."

_CUT = "A reply in “{title}” was cut when llmhub-chat ended; what had arrived is saved. Ctrl+O opens it."


def terminal_problem(environ: Mapping[str, str]) -> str:
    """Why the chat can't run here; empty where it can."""
    if environ.get("TEXTUAL_DRIVER"):
        return ""  # it is drawn elsewhere, in a browser for instance
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the chat needs a terminal"
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        return f"the chat needs a terminal that can move its cursor, and TERM is {environ.get('TERM', '')!r}"
    if 0 in os.get_terminal_size(sys.stdout.fileno()) and not (
        environ.get("COLUMNS") and environ.get("LINES")
    ):
        return "the chat needs a terminal that has a size, and this one has none"
    return ""


def start_chat(flags: Flags, *, resume: str | None, theme: str | None) -> int:
    """Runs the chat; answers with the exit status.

    Args:
        flags: of the command line.
        resume: the id of the conversation to open, or `LAST`; without one, a new one begins.
        theme: of Textual; without one, the settings' own.
    """
    environ = take_environment()
    if problem := terminal_problem(environ):
        Diagnostics().say(problem, "Use `llmhub-chat ask` in pipes and scripts.")
        return ExitCode.USAGE
    os.environ.setdefault("ESCDELAY", _ESCAPE_MS)  # Textual reads it when it is imported
    gc.disable()  # until the first frame: nothing that is loaded for it will be garbage
    from llmhub_tui.tui.app import ChatApp  # Textual: 250 ms
    from llmhub_tui.tui.opening import Opening

    launch = _Launch(flags, environ, resume, theme or "")
    app = ChatApp(
        launch.open,
        Opening(flags.model or "", flags.profile or "", theme=theme or "", resume=resume is not None),
    )
    try:
        status = app.run()
        if app.terminal_stuck:
            silence(sys.stderr)  # it would wait for ever to say anything more
        return outcome(app, status, environ)
    finally:
        launch.keep(app.desk.text(""))
        launch.close()


@dataclass
class _Launch:
    """What the chat needs and does not show in its first frame: settings, disk, client."""

    flags: Flags
    environ: Mapping[str, str]
    resume: str | None
    theme: str
    sessions: Sessions | None = None
    libraries: list[Library] = field(default_factory=list)
    desk: Workshop | None = None
    recording: Recording | None = None

    def open(self) -> Workspace:
        """Reads the settings and opens the saved conversations; runs in a thread, after the first frame.

        Raises:
            ChatError: for a mistake in options or settings.
            StorageError: if the saved conversations can't be opened.
        """
        _prepare(self.flags, self.environ)
        # all of this takes 100 ms, which the first frame does not wait for
        from llmhub_tui.cli.connecting import Reconnector
        from llmhub_tui.cli.refuge import open_library
        from llmhub_tui.cli.sessions import Sessions, fresh_conversation
        from llmhub_tui.cli.taps import Recording
        from llmhub_tui.cli.tooling import Workshop
        from llmhub_tui.cli.wiring import find_target
        from llmhub_tui.domain.wire_log import WireLog
        from llmhub_tui.export.files import FileExporter
        from llmhub_tui.session.late import LateClient
        from llmhub_tui.store.paths import data_directory
        from llmhub_tui.tui.desk import never_sent, read_unsent
        from llmhub_tui.tui.workspace import Workspace

        target = find_target(self.flags, self.environ)
        library = open_library(data_directory(self.environ), needed=self.resume is not None)
        self.libraries.append(library)
        found, notice = self._resumed(library)
        conversation = found or fresh_conversation(never_sent(library.drafts))
        self.recording = Recording(self.flags.record)
        log = WireLog()
        taps = (log, *self.recording.taps)
        client = LateClient(target.client_maker(self.environ, taps))
        desk = self.desk = Workshop(target.settings, self.environ, profile=target.connection.profile)
        desk.servers.start()
        self.sessions = sessions = Sessions(target, client, library, desk)
        return Workspace(
            session=sessions.of(conversation),
            new_session=sessions.new,
            open_session=sessions.of,
            library=library,
            exporter=FileExporter(),
            warm=client.start,
            models=client.models,
            wire=log,
            opening=self._opening(target),
            tools=desk,
            connector=Reconnector(sessions, client, self.environ, taps),
            notice=notice,
            title_by_model=target.connection.settings.title_by_model,
            unsent=read_unsent(library.drafts, conversation.id),
        )

    def _opening(self, target: Target) -> Opening:
        """What is shown from now on."""
        from llmhub_tui.tui.opening import Opening  # loaded already

        connection = target.connection
        banner = _DEMO if target.demo is not None else ""
        return Opening(
            connection.model,
            connection.profile,
            banner,
            self.theme or target.settings.theme,
            tries=_TRIES if target.demo is not None else (),
        )

    def _resumed(self, library: Library) -> tuple[Conversation | None, str]:
        """The conversation that was asked for, and what the user should know first."""
        wanted = library.listing.last_id() if self.resume == LAST else self.resume
        if wanted is not None:
            conversation, recovered = library.load(wanted)
            return conversation, library.notice or (_RECOVERED if recovered else "")
        cut = library.listing.cut()
        title = (plain_line(cut[0].title, 40) or "a conversation") if cut else ""
        return None, library.notice or (_CUT.format(title=title) if cut else "")

    def keep(self, typed: str) -> None:
        """Keeps what was typed before anything was open, as the draft of a chat that was never begun."""
        if not typed.strip():
            return
        from llmhub_tui.cli.sessions import fresh_conversation  # loaded by now, in most cases
        from llmhub_tui.store.library import Library
        from llmhub_tui.store.paths import data_directory

        with suppress(StorageError):  # why it can't be opened was said
            if not self.libraries:
                self.libraries.append(Library(data_directory(self.environ)))
            self.libraries[0].drafts.save(fresh_conversation().id, typed)

    def close(self) -> None:
        """Writes what is left to write, if need be elsewhere, and ends the demo."""
        if self.recording is not None:
            self.recording.close()
        for library in self.libraries:
            if not library.close():
                self._rescue(library)
        if self.desk is not None:
            self.desk.servers.close()
        if self.sessions is not None:
            self.sessions.target.close()

    def _rescue(self, library: Library) -> None:
        from llmhub_tui.cli.refuge import put_elsewhere  # loaded already, if there is anything to rescue

        paths = put_elsewhere(library.unsaved(), library.path.parent)
        kept = "It is kept; to take it in later: llmhub-chat history import " + " ".join(map(str, paths))
        reason = library.trouble or "the disk is busy"
        Diagnostics().say(f"not everything could be saved: {reason}", kept if paths else "")


def _prepare(flags: Flags, environ: Mapping[str, str]) -> None:
    """Opens the log, and tells the garbage collector that much was made which stays."""
    open_log(environ, flags.log_level or "warning")
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # a reply makes many small lasting objects; few are garbage
    gc.enable()


def outcome(app: ChatApp, status: int | None, environ: Mapping[str, str]) -> int:
    """Says what went wrong, if anything did, now that the terminal is a plain one again."""
    if app.crash_report:
        return report_crash(app.crash_report, environ, kept="the conversation is saved")
    if app.trouble:
        Diagnostics().say(app.trouble)
    return status or ExitCode.FINISHED
