"""Database files with damage of every kind: what is noticed, what is recovered, and that nothing crashes."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Attachment, Message, Role
from llmhub_tui.store.library import Library

_PAGE = 4096
KINDS = ("bit", "bytes", "block", "zeros", "cut", "swap", "head", "tail", "text")


def _sound(directory: Path) -> dict[str, Conversation]:
    """A file with conversations of many sizes, and what is in it."""
    chance = random.Random(0)
    library = Library(directory)
    found = {}
    for number in range(12):
        conversation = Conversation(f"c{number}", title=f"Conversation {number}", created_at=1.79e9)
        parent: str | None = None
        for turn in range(6):
            text = " ".join(chance.choice(["night", "cat", "roof", "東京", "x = 1"]) for _ in range(40))
            part = Attachment("a", "text/plain", chance.randbytes(200))
            prompt = Message(
                f"{number}-{turn}p", parent, Role.USER, text, attachments=(part,), created_at=1.79e9
            )
            parent = f"{number}-{turn}r"
            conversation.add(prompt)
            conversation.add(
                Message(
                    parent,
                    prompt.id,
                    Role.ASSISTANT,
                    text * (turn * 4 + 1),
                    created_at=1.79e9,
                    ending=Ending.COMPLETE,
                )
            )
        library.keep(conversation)
        found[conversation.id] = conversation
    assert library.close()
    return found


def mutate(data: bytearray, kind: str, chance: random.Random) -> None:
    """Damages a file."""
    at = chance.randrange(len(data))
    page = at // _PAGE * _PAGE
    match kind:
        case "bit":
            data[at] ^= 1 << chance.randrange(8)
        case "bytes":
            data[at : at + 16] = chance.randbytes(16)
        case "block":
            data[page : page + 512] = chance.randbytes(512)
        case "zeros":
            data[page : page + _PAGE] = bytes(_PAGE)
        case "cut":
            del data[at:]
        case "swap":
            other = chance.randrange(len(data) // _PAGE) * _PAGE
            data[page : page + _PAGE], data[other : other + _PAGE] = (
                data[other : other + _PAGE],
                data[page : page + _PAGE],
            )
        case "head":
            data[chance.randrange(100)] = chance.randrange(256)
        case "tail":
            data += chance.randbytes(chance.randrange(1, 9000))
        case _:
            data[:] = b"This was a database once. " * 100


def open_damaged_files(home: Path, count: int, *, seed: int = 1) -> Counter[str]:
    """Opens this many damaged files; answers with how often each thing happened.

    `untouched`: all is there, the damage hit nothing that counts; `recovered`: the structure was damaged,
    it was noticed at the start, and what could be read is there; `marked`: it was noticed at the start that
    messages are not as they were written; `refused`: it was not opened, with a reason; `found by check`:
    only the search index was hit, all messages are there, and `history check` says it.
    """
    sound = home / "sound"
    expected = _sound(sound)
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    for number in range(count):
        directory = home / f"{number}"
        directory.mkdir(mode=0o700)
        data = bytearray((sound / "chats.db").read_bytes())
        kind = KINDS[number % len(KINDS)]
        mutate(data, kind, chance)
        (directory / "chats.db").write_bytes(data)
        outcomes[_open(directory, expected, f"mutation {number} ({kind})")] += 1
        shutil.rmtree(directory)
    return outcomes


def _open(directory: Path, expected: dict[str, Conversation], what: str) -> str:
    try:
        library = Library(directory)
    except StorageError as error:
        assert str(error)
        return "refused"
    try:
        _read_all(library, expected, what)
        problems = library.check()
        if library.notice:
            assert "damaged" in library.notice
            assert all("message " in problem for problem in problems), f"{what}: {problems}"
            return "recovered" if "could be read" in library.notice else "marked"
        return "found by check" if problems else "untouched"
    finally:
        library.close()


def _read_all(library: Library, expected: dict[str, Conversation], what: str) -> None:
    """Reads, searches and writes: what is not as it was says so, or it was said that it is gone."""
    listed = {summary.id for summary in library.listing.summaries(archived=True)}
    library.search.find("night cat")
    library.keep(Conversation("new", messages=[Message("new", None, Role.USER, "written later")]))
    assert [hit.message_id for hit in library.search.find("written later")] == ["new"], what
    for conversation_id in listed & set(expected):
        conversation, _ = library.load(conversation_id)
        for message in conversation.messages:
            known = message.id in expected[conversation_id]
            right = known and replace(message, parent=None) == replace(
                expected[conversation_id][message.id], parent=None
            )
            marked = message.failure is not None and message.failure.kind == "damaged"
            assert right or marked, f"{what}: {message!r:.300}"
    if not library.notice:
        assert listed == set(expected), what
        assert all(len(library.load(name)[0]) == len(expected[name]) for name in expected), what
