"""What is said and kept when the program itself fails, wherever that happens."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Mapping

from llmhub_tui.ask.diagnostics import Diagnostics, ExitCode
from llmhub_tui.domain.errors import StorageError

_LOG = logging.getLogger(__name__)


def open_log(environ: Mapping[str, str], level: str) -> str:
    """Opens the log, and sends there what would be printed over the screen; answers with its path.

    The path is empty where the log can't be written, which is no reason not to chat.
    """
    # the disk's rules and the standard library's handlers: 20 ms that the first frame does not wait for
    from llmhub_tui.store.journal import open_journal
    from llmhub_tui.store.paths import data_directory

    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable
    try:
        return str(open_journal(data_directory(environ), level))
    except StorageError:
        # without any handler, Python would print what is logged, as it is
        logging.getLogger().addHandler(logging.NullHandler())
        return ""


def report_crash(report: str, environ: Mapping[str, str], *, kept: str = "") -> ExitCode:
    """Writes the report to the log and one line to standard error; answers with the exit status.

    Args:
        report: a traceback, without variables.
        environ: tells where the log is.
        kept: what the user may want to know of what was not lost.
    """
    path = open_log(environ, "warning")
    _LOG.critical("llmhub-chat failed\n%s", report)
    reason = report.strip().rsplit("\n", 1)[-1]
    what = f"llmhub-chat failed ({reason})" + (f"; {kept}" if kept else "")
    Diagnostics().say(what, f"What happened is in {path}." if path else "")
    return ExitCode.CRASHED


def described(error: BaseException) -> str:
    """A traceback without variables."""
    return "".join(traceback.format_exception(error))


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    _LOG.error(
        "the thread %s failed\n%s",
        getattr(failed.thread, "name", "?"),
        described(failed.exc_value or Exception()),
    )


def _unraisable(failed: sys.UnraisableHookArgs) -> None:
    error = failed.exc_value
    _LOG.error("%s\n%s", failed.err_msg or "an exception went nowhere", described(error) if error else "")
