"""Where the API key comes from. It is never logged, shown or passed on to another program."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.secret import Secret
from llmhub_tui.settings.reading import settings_path
from llmhub_tui.settings.schema import Profile

_COMMAND_S: Final = 30.0
"""How long a key command may take; password managers ask for a touch or a passphrase."""
SERVICE: Final = "llmhub-chat"
"""The name under which the keyring holds keys; the user name there is the profile's."""


def find_key(name: str, profile: Profile, environ: Mapping[str, str]) -> Secret | None:
    """A profile's key: its command, the environment, the keyring, its file; the first that has one.

    Raises:
        ChatError: of the kind `SETUP`, if a source that the profile names fails, or what it gives is no key.
    """
    if profile.key_command:
        return _secret(_from_command(profile.key_command), f"the key command of profile {name}")
    if profile.key_env and environ.get(profile.key_env, "").strip():
        return _secret(environ[profile.key_env], profile.key_env)
    if value := _from_keyring(name):
        return _secret(value, "the keyring")
    path = Path(profile.key_file).expanduser() if profile.key_file else key_path(name, settings_path(environ))
    if profile.key_file or path.exists():
        return _secret(_from_file(path), str(path))
    return None


def key_path(name: str, settings: Path) -> Path:
    """Where a profile's key is kept if it names no file and there is no keyring: beside the settings."""
    return settings.parent / "keys" / quote(name, safe="")


def keep_key(name: str, key: Secret, settings: Path) -> str:
    """Keeps a key in the keyring, or else in a file that only its owner can read; says where.

    Raises:
        ChatError: of the kind `SETUP`, if neither takes it.
    """
    if _to_keyring(name, key):
        return "the keyring"
    path = key_path(name, settings)
    temporary = path.with_name(f".{uuid4().hex}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key.reveal() + "\n")
        os.replace(temporary, path)
    except OSError as error:
        message = f"the key cannot be kept in {path}: {error.strerror}"
        raise ChatError(ErrorKind.SETUP, message, advice="Set it in the environment.") from error
    finally:
        temporary.unlink(missing_ok=True)
    return str(path)


def _secret(value: str, source: str) -> Secret:
    try:
        return Secret(value)
    except ValueError as error:
        message = f"{source} holds no usable API key: {error}"
        raise ChatError(ErrorKind.SETUP, message, advice="Set it again.") from error


def _from_command(command: tuple[str, ...]) -> str:
    try:
        found = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_S, check=True
        )
    except subprocess.CalledProcessError as error:
        raise _command_failed(command, f"ended with status {error.returncode}") from error
    except subprocess.TimeoutExpired as error:
        raise _command_failed(command, f"took longer than {_COMMAND_S:g} s") from error
    except OSError as error:
        raise _command_failed(command, f"cannot be run ({error.strerror})") from error
    return found.stdout.decode("utf-8", "replace").partition("\n")[0]


def _command_failed(command: tuple[str, ...], what: str) -> ChatError:
    message = f"the key command {command[0]!r} {what}"
    return ChatError(ErrorKind.SETUP, message, advice="Run it by hand to see why.")


def _from_keyring(name: str) -> str:
    if find_spec("keyring") is None:
        return ""
    keyring = import_module("keyring")  # an extra, and slow to load
    try:
        return keyring.get_password(SERVICE, name) or ""
    except keyring.errors.KeyringError:
        return ""  # no keyring on this machine, or it stays locked


def _to_keyring(name: str, key: Secret) -> bool:
    if find_spec("keyring") is None:
        return False
    keyring = import_module("keyring")  # an extra, and slow to load
    try:
        keyring.set_password(SERVICE, name, key.reveal())
        return bool(keyring.get_password(SERVICE, name) == key.reveal())
    except keyring.errors.KeyringError:
        return False


def _from_file(path: Path) -> str:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            if hasattr(os, "getuid") and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise ChatError(
                    ErrorKind.SETUP, f"others can read the key file {path}", advice=f"Run: chmod 600 {path}"
                )
            return file.read(10_000)
    except OSError as error:
        message = f"the key file {path} cannot be read ({error.strerror})"
        raise ChatError(ErrorKind.SETUP, message, advice="Check key_file in the profile.") from error
