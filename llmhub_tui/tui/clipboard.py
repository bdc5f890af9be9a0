"""Copies text: through the terminal, and where that may not reach the system, through a system tool."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping
from typing import Final

from textual.app import App

_TOOLS: Final = (
    ("TMUX", ("tmux", "load-buffer", "-w", "-")),
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("pbcopy",)),
)
_TOOL_S: Final = 5.0


def clipboard_tool(environ: Mapping[str, str], which: Callable[[str], str | None]) -> tuple[str, ...]:
    """The command that fills the system's clipboard; empty where there is none, as over SSH.

    Within tmux that is tmux itself, which by default keeps what programs send from its terminal.
    """
    for variable, command in _TOOLS:
        local = variable == "TMUX" or not environ.get("SSH_CONNECTION")
        if local and (not variable or environ.get(variable)) and which(command[0]):
            return command
    return ()


def copy_text(app: App[int], text: str) -> None:
    """Copies a text by every way that may work."""
    app.copy_to_clipboard(text)
    if tool := clipboard_tool(os.environ, shutil.which):
        threading.Thread(target=_run, args=(tool, text), daemon=True).start()


def _run(tool: tuple[str, ...], text: str) -> None:
    try:
        subprocess.run(
            tool,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TOOL_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return  # the terminal's own way may have worked
