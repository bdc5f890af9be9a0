"""What is told of everything that passes over the wire: the wire view's log, and a recording."""

from __future__ import annotations

from pathlib import Path

from llmhub_tui.ask.diagnostics import Diagnostics
from llmhub_tui.domain.wire import WireTap
from llmhub_tui.export.recording import RecordingFile


class Recording:
    """The file that `--record` names, if it names one."""

    def __init__(self, path: str | None) -> None:
        """Begins the file.

        Raises:
            StorageError: if it cannot be written.
        """
        self._file = RecordingFile(Path(path).expanduser()) if path else None

    @property
    def taps(self) -> tuple[WireTap, ...]:
        """The file, or nothing."""
        return (self._file,) if self._file is not None else ()

    def close(self) -> None:
        """Writes what is left to write, and says if something is missing."""
        if self._file is not None:
            self._file.close()
            if self._file.trouble:
                Diagnostics().say(f"the recording is not whole: {self._file.trouble}")
