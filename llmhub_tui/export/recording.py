"""Recordings of the wire: every record as one line of JSON, written while it happens, and read back.

The first line is `{"recording": "llmhub-chat", "version": 1, "began": …}`, with the seconds since the
Unix epoch. Each further line has `n`, the number of the exchange, `at`, the seconds since the beginning,
and one of: `request` (`method`, `url`, `headers`, `body`), `response` (`status`, `headers`), `data` (the
text of a piece of the body) or `base64` (where a piece is no UTF-8 by itself), and `end` (`how`, `error`,
`detail`). Keys were removed before anything gets here.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, assert_never

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.wire import Answered, Asked, Came, Counted, Ended, How, Spoke, WireRecord

FORMAT: Final = "llmhub-chat"
VERSION: Final = 1
_LARGEST: Final = 256 << 20
"""Bytes of a recording that is read."""
_CLOSE_S: Final = 5.0

Fields = dict[str, Any]


class RecordingFile:
    """A `WireTap` that writes to a file, in a thread, so that no disk slows a reply down."""

    def __init__(self, path: Path) -> None:
        """Begins the file, readable by its owner alone; only an older recording is overwritten.

        Raises:
            StorageError: if the disk refuses, or something else is there.
        """
        self.path = path
        self.trouble = ""
        """Why the recording is not whole; empty while it is."""
        if path.is_symlink() or (path.exists() and not _is_recording(path)):
            raise StorageError(f"{path} is there already and is no recording; it is not overwritten")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(path, flags, 0o600)
            if hasattr(os, "fchmod"):
                os.fchmod(handle, 0o600)
        except OSError as error:
            raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
        self._file = os.fdopen(handle, "w", encoding="utf-8")
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._began = time.monotonic()
        self._put({"recording": FORMAT, "version": VERSION, "began": round(time.time(), 3)})
        self._thread = threading.Thread(target=self._write, name="recording", daemon=True)
        self._thread.start()

    def take(self, record: WireRecord) -> None:
        """See `WireTap`."""
        if (fields := _fields(record)) is not None:
            at = round(max(0.0, record.at - self._began), 6)
            self._put({"at": at, "n": record.exchange, **fields})

    def close(self) -> None:
        """Writes what is left to write."""
        self._lines.put(None)
        self._thread.join(_CLOSE_S)

    def _put(self, fields: Fields) -> None:
        self._lines.put(json.dumps(fields, ensure_ascii=True) + "\n")

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._file.write(line)
                if self._lines.empty():
                    self._file.flush()
            except OSError as error:
                self.trouble = self.trouble or f"{self.path} cannot be written: {error.strerror or error}"
        with suppress(OSError):
            self._file.close()


def read_recording(path: Path) -> list[WireRecord]:
    """The records in a file; a last line that a crash has cut is left out.

    Raises:
        StorageError: if the file cannot be read, or is no recording.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise StorageError(f"{path} is larger than {_LARGEST >> 20} MB")
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise StorageError(f"{path} is no recording of llmhub-chat") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}") from error
    if not lines or not _is_head(lines[0]):
        raise StorageError(f"{path} is no recording of llmhub-chat, or one of a newer version")
    found: list[WireRecord] = []
    for number, line in enumerate(lines[1:], 2):
        try:
            found.append(_record(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if number == len(lines):
                break
            raise StorageError(f"{path}, line {number}: this is no record of the wire") from error
    return found


def _is_recording(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return path.is_file() and _is_head(file.readline(1000).decode("utf-8", "replace"))
    except OSError:
        return False


def _is_head(line: str) -> bool:
    try:
        head = json.loads(line)
    except ValueError:
        return False
    return isinstance(head, dict) and (head.get("recording"), head.get("version")) == (FORMAT, VERSION)


def _fields(record: WireRecord) -> Fields | None:
    """What a line says beside number and time; `None` for what the bytes say already."""
    match record:
        case Asked(_, _, method, url, headers, body):
            return {"request": {"method": method, "url": url, "headers": headers, "body": body}}
        case Answered(_, _, status, headers):
            return {"response": {"status": status, "headers": headers}}
        case Came(_, _, data):
            try:
                return {"data": data.decode("utf-8")}
            except UnicodeDecodeError:
                return {"base64": base64.b64encode(data).decode("ascii")}
        case Ended(_, _, how, error, detail):
            return {"end": {"how": how.value, "error": error, "detail": detail}}
        case Spoke() | Counted():
            return None
        case _ as never:
            assert_never(never)


def _record(line: Fields) -> WireRecord:
    number, at = int(line["n"]), float(line["at"])
    if (asked := line.get("request")) is not None:
        return Asked(number, at, str(asked["method"]), str(asked["url"]), _headers(asked), str(asked["body"]))
    if (answered := line.get("response")) is not None:
        return Answered(number, at, int(answered["status"]), _headers(answered))
    if (ended := line.get("end")) is not None:
        return Ended(number, at, How(ended["how"]), str(ended["error"]), str(ended["detail"]))
    if "data" in line:
        return Came(number, at, str(line["data"]).encode("utf-8", "surrogatepass"))
    return Came(number, at, base64.b64decode(line["base64"]))


def _headers(part: Fields) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in part["headers"])
