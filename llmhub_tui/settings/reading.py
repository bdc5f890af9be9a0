"""Reads the settings file; every mistake in it gets one clear line."""

from __future__ import annotations

import difflib
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.settings.schema import Clocks, Profile, Settings
from llmhub_tui.settings.tools import Command, Permission, Tools


def settings_path(environ: Mapping[str, str]) -> Path:
    """`LLMHUB_CONFIG`, or the platform's own place. Never the working directory."""
    chosen = environ.get("LLMHUB_CONFIG", "")
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_config_path("llmhub-chat", appauthor=False) / "config.toml"


def read_settings(path: Path, *, required: bool = False) -> Settings:
    """The settings in a file; the defaults where there is none.

    Args:
        path: of the file.
        required: whether a missing file is a mistake, because the user named it.

    Raises:
        ChatError: of the kind `SETUP`, if the file cannot be read, may be written by others, or is wrong.
    """
    try:
        with path.open("rb") as file:
            _check_is_own(path, os.fstat(file.fileno()))
            data = file.read()
    except FileNotFoundError as error:
        if required:
            raise _mistake(path, "it is not there", "Check LLMHUB_CONFIG.") from error
        return Settings()
    except OSError as error:
        raise _mistake(path, f"it cannot be read ({error.strerror})", "Check its permissions.") from error
    return parse_settings(data, path)


def parse_settings(data: bytes, path: Path) -> Settings:
    """The settings in the text of a file.

    Raises:
        ChatError: of the kind `SETUP`, if it is wrong.
    """
    try:
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), Settings)
    except UnicodeDecodeError as error:
        raise _mistake(path, "it is no UTF-8 text", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise _mistake(path, f"it is no valid TOML: {error}", "Mend that line.") from error
    except msgspec.ValidationError as error:
        raise _mistake(path, _said(str(error)), _closest(str(error))) from error


def _check_is_own(path: Path, found: os.stat_result) -> None:
    """Refuses what another user could have written: it names programs to run and servers to send keys to."""
    if not hasattr(os, "getuid"):
        return
    if stat.S_IMODE(found.st_mode) & 0o022:
        raise _mistake(path, "others may write to it", f"Run: chmod go-w {path}")
    if found.st_uid not in (os.getuid(), 0):
        raise _mistake(path, "it belongs to another user", "Make a copy of your own.")
    folder = path.parent.stat()
    if folder.st_mode & stat.S_IWOTH and not folder.st_mode & stat.S_ISVTX:
        raise _mistake(path, "others may write to its folder", f"Run: chmod o-w {path.parent}")


def _mistake(path: Path, what: str, advice: str) -> ChatError:
    return ChatError(ErrorKind.SETUP, f"the settings file {path} is not used: {what}", advice=advice)


def _said(text: str) -> str:
    """msgspec's words, with the place in TOML's."""
    return text.replace(" - at `$.", " at `").replace("Object contains unknown field", "there is no setting")


def _closest(text: str) -> str:
    found = re.search(r"unknown field `(\w+)`", text)
    if found is None:
        return "Mend that setting."
    known = {*Settings.__struct_fields__, *Profile.__struct_fields__, *Clocks.__struct_fields__}
    known |= {*Tools.__struct_fields__, *Command.__struct_fields__, *Permission.__struct_fields__}
    match = difflib.get_close_matches(found[1], known, 1)
    return f"Did you mean {match[0]}?" if match else "Remove it."
