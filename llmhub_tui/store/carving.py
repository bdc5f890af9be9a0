"""Reads rows out of a damaged SQLite file, page by page, without asking SQLite.

Every page that looks like a leaf of a table is read by itself, so that damage elsewhere, even in the
schema or at the top of a tree, takes only its own rows away. The format of the file is at
https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Value = None | int | float | str | bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One row of some table."""

    number: int
    """SQLite's own number of the row, which an `INTEGER PRIMARY KEY` column stands for."""
    values: tuple[Value, ...]


_LEAF: Final = 0x0D
_DEFAULT_PAGE: Final = 4096
_MOST_COLUMNS: Final = 64
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24


def rows(path: Path) -> list[Row]:
    """Every row of every table that can be read, stale ones among them; in no order.

    Raises:
        OSError: if the file can't be read.
    """
    data = path.read_bytes()
    return max((list(_read(path, data, size)) for size in {_page_size(data), _DEFAULT_PAGE}), key=len)


def _read(path: Path, data: bytes, size: int) -> Iterator[Row]:
    pages = {number + 1: data[number * size : (number + 1) * size] for number in range(-(-len(data) // size))}
    journal = path.with_name(path.name + "-wal")
    if journal.exists():
        pages.update(_journal_pages(journal.read_bytes(), size))
    for number in sorted(pages):
        try:
            yield from _rows(pages, number, size)
        except (IndexError, struct.error, ValueError):
            continue  # no leaf after all, or one that is damaged right in its head


def _page_size(data: bytes) -> int:
    """The size in the file's head, where it is a possible one."""
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    return size if 512 <= size <= 65536 and not size & (size - 1) else _DEFAULT_PAGE


def _journal_pages(data: bytes, size: int) -> dict[int, bytes]:
    """The newest version of each page in the write-ahead log, as far as frames of this log go."""
    found: dict[int, bytes] = {}
    salt = data[16:24]
    at = _WAL_HEADER
    while at + _FRAME_HEADER + size <= len(data) and data[at + 8 : at + 16] == salt:
        number = int.from_bytes(data[at : at + 4], "big")
        found[number] = data[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        at += _FRAME_HEADER + size
    return found


def _rows(pages: Mapping[int, bytes], number: int, size: int) -> Iterator[Row]:
    page = pages[number]
    head = 100 if number == 1 else 0
    if len(page) < size or page[head] != _LEAF:
        return
    count = int.from_bytes(page[head + 3 : head + 5], "big")
    for index in range(min(count, size // 4)):
        at = head + 8 + 2 * index
        try:
            number, payload = _payload(pages, page, int.from_bytes(page[at : at + 2], "big"), size)
            yield Row(number, _values(payload))
        except (IndexError, struct.error, ValueError):
            continue


def _payload(pages: Mapping[int, bytes], page: bytes, at: int, size: int) -> tuple[int, bytes]:
    """The number and the bytes of one row, those on overflow pages included."""
    length, at = _varint(page, at)
    number, at = _varint(page, at)
    most = size - 35
    if length <= most:
        if at + length > len(page):
            raise ValueError("the row leaves its page")
        return number, page[at : at + length]
    if length > len(pages) * size:
        raise ValueError("the row is longer than the file")
    least = (size - 12) * 32 // 255 - 23
    local = least + (length - least) % (size - 4)
    local = local if local <= most else least
    parts = [page[at : at + local]]
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    left = length - local
    while left > 0:
        overflow = pages.get(following, b"")
        if len(overflow) < size:
            raise ValueError("the row goes on where nothing is")
        parts.append(overflow[4 : 4 + min(left, size - 4)])
        left -= size - 4
        following = int.from_bytes(overflow[:4], "big")
    return number, b"".join(parts)


def _values(payload: bytes) -> tuple[Value, ...]:
    """The values of a row."""
    head, at = _varint(payload, 0)
    if head > len(payload):
        raise ValueError("the head is longer than the row")
    kinds = []
    while at < head:
        kind, at = _varint(payload, at)
        kinds.append(kind)
        if len(kinds) > _MOST_COLUMNS:
            raise ValueError("no table of ours is as wide")
    values: list[Value] = []
    at = head
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    width = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind] if kind < 10 else (kind - 12) // 2
    if kind in (10, 11) or at + width > len(payload):
        raise ValueError("the value leaves its row")
    raw = payload[at : at + width]
    value: Value
    if kind == 0:
        value = None
    elif kind == 7:
        value = float(struct.unpack(">d", raw)[0])
    elif kind < 10:
        value = kind - 8 if kind >= 8 else int.from_bytes(raw, "big", signed=True)
    else:
        value = raw.decode("utf-8", "replace") if kind % 2 else raw
    return value, at + width


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9
