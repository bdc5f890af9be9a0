"""Times the list and the search as you type on 100,000 generated messages.

    PYTHONPATH=tests .venv/bin/python -m bench.history

It takes about a minute, most of it to make the messages. Each query is asked once for every key that
is pressed while it is typed, the way the history screen asks it, each time with the best of three.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Final

from llmhub_tui.store.library import Library

MESSAGES: Final = 100_000
CONVERSATIONS: Final = 2_500
LIMIT_MS: Final = 50.0
PAGE: Final = 200
"""Conversations that the list shows at first."""
QUERIES: Final = (
    "the connection",
    "asyncio.gather(",
    "東京 lantern",
    "zebra quagmire",
    '"of the house"',
    "e x z",
    "nothing has this in it",
)
COMMON: Final = re.findall(
    r"\w+",
    """the of and to in is that it for on with as this be are or by from an not which you can at if will
    your has have was but all more when use one there their other into than only over such value data
    function return list string error class name file type number code example result line connection""",
)


def words(chance: random.Random) -> list[str]:
    """A vocabulary in which, as in a language, few words make most of the text."""
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    rare = [
        "".join(chance.choices(letters, range(26, 0, -1), k=chance.randint(3, 10))) for _ in range(30_000)
    ]
    return [*COMMON, *rare, "asyncio.gather(", "東京", "lantern", "zebra", "quagmire"]


def fill(directory: Path) -> float:
    """Makes the messages; answers with how many megabytes of text they hold."""
    chance = random.Random(1)
    known = words(chance)
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(known))))
    Library(directory).close()
    size = 0
    with closing(sqlite3.connect(directory / "chats.db")) as connection, connection:
        for number in range(CONVERSATIONS):
            title = " ".join(chance.choices(known, cum_weights=weights, k=5))
            head = (f"c{number}", title, float(number), float(number))
            connection.execute(
                "INSERT INTO conversations (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)", head
            )
            rows = []
            for turn in range(MESSAGES // CONVERSATIONS):
                role, length = ("assistant", 150) if turn % 2 else ("user", 25)
                text = " ".join(chance.choices(known, cum_weights=weights, k=length))
                size += len(text)
                parent = f"{number}-{turn - 1}" if turn else None
                rows.append((f"{number}-{turn}", f"c{number}", parent, role, text, float(number), "complete"))
            connection.executemany(
                "INSERT INTO messages (id, conversation, parent, role, text, created_at, ending) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
    return size / 1e6


def best_ms(action: Callable[[], object]) -> float:
    """The best of three, in milliseconds of this thread, which does all of the work itself."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        action()
        times.append((time.thread_time() - began) * 1000)
    return min(times)


def typed(query: str, ask: Callable[[str], object]) -> tuple[float, float]:
    """Types a query key by key; answers with the middle and the worst time of a key."""
    times = sorted(best_ms(partial(ask, query[:end])) for end in range(1, len(query) + 1))
    return times[len(times) // 2], times[-1]


def main() -> None:
    """Prints a table; exits with 1 where a key takes longer than is promised."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        began = time.perf_counter()
        text_mb = fill(directory)
        file_mb = (directory / "chats.db").stat().st_size / 1e6
        print(f"{MESSAGES:,} messages, {text_mb:.0f} MB of text in a file of {file_mb:.0f} MB, ", end="")
        print(f"made in {time.perf_counter() - began:.0f} s")
        worst = 0.0
        library = Library(directory)
        print(f"open the file:          {best_ms(lambda: Library(directory)):8.1f} ms")
        print(f"list, first {PAGE}:        {best_ms(lambda: library.listing.summaries(PAGE)):8.1f} ms")
        print(f"list, all {CONVERSATIONS:,}:       {best_ms(lambda: library.listing.summaries()):8.1f} ms")

        def listed(text: str) -> object:
            return library.listing.summaries(PAGE, words=text)

        asked: list[tuple[str, str, Callable[[str], object]]] = [("filter", "value connection", listed)]
        asked += [("search", query, library.search.find) for query in QUERIES]
        for kind, query, ask in asked:
            middle, most = typed(query, ask)
            worst = max(worst, most)
            print(f"{kind} {query!r:<28} a key: {middle:6.1f} ms in the middle, {most:6.1f} ms at worst")
        library.close()
    print(f"worst key: {worst:.1f} ms; the promise is {LIMIT_MS:.0f} ms")
    sys.exit(worst > LIMIT_MS)


if __name__ == "__main__":
    main()
