"""Where conversations live, and who may read them there."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from llmhub_tui.domain.errors import StorageError


def data_directory(environ: Mapping[str, str]) -> Path:
    """The folder of everything that the program keeps: `LLMHUB_DATA_DIR`, or the platform's own place."""
    chosen = environ.get("LLMHUB_DATA_DIR", "")
    return (
        Path(chosen).expanduser() if chosen else platformdirs.user_data_path("llmhub-chat", appauthor=False)
    )


def private_directory(path: Path) -> Path:
    """Makes a folder that only its owner can enter.

    Raises:
        StorageError: if it can't be made.
    """
    try:
        make_private(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.stat().st_uid == _own_uid(path):
            path.chmod(0o700)
    except OSError as error:
        raise StorageError(f"the folder {path} cannot be used: {error.strerror}") from error
    return path


def make_private(path: Path) -> None:
    """Makes a folder, and the ones above it that are missing, for their owner alone, whatever the umask.

    Raises:
        OSError: if one of them can't be made.
    """
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(exist_ok=True)  # says so where something else has the name


def private_file(path: Path) -> None:
    """Makes a file that only its owner can read, if it is not there, whatever the umask.

    Raises:
        StorageError: if it can't be made.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            if stat.S_IMODE(os.fstat(handle).st_mode) & 0o077:
                os.fchmod(handle, 0o600)
        finally:
            os.close(handle)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error


def _own_uid(path: Path) -> int:
    """This user's id; on platforms without one, whatever the path has."""
    return os.getuid() if hasattr(os, "getuid") else path.stat().st_uid
