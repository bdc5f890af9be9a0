"""Conversations to begin with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from llmhub_tui.domain.conversation import Conversation, title_from
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.store.library import Library


def talk() -> Conversation:
    """Two prompts with their replies."""
    return Conversation(
        "c",
        messages=[
            Message("a", None, Role.USER, "first prompt"),
            Message("b", "a", Role.ASSISTANT, "first reply", ending=Ending.COMPLETE),
            Message("d", "b", Role.USER, "second prompt"),
            Message("e", "d", Role.ASSISTANT, "second reply", ending=Ending.COMPLETE),
        ],
    )


_HOUR = 3600.0
SAVED: tuple[tuple[str, str, str, Ending, float], ...] = (
    (
        "borrow",
        "Why does the borrow checker refuse?",
        "A loop holds its borrow",
        Ending.COMPLETE,
        0.2,
    ),
    ("bread", "Sourdough at altitude", "Less yeast, a longer proof", Ending.STOPPED, 3.0),
    (
        "regex",
        "A regex for [bold]IPv6[/bold] addresses",
        "Use `ipaddress` instead of a loop over groups",
        Ending.COMPLETE,
        26.0,
    ),
    ("tokyo", "東京の週末、三日間の旅程", "一日目は浅草から", Ending.COMPLETE, 49.0),
    (
        "sql",
        "Window functions, explained slowly",
        "A window is a view on rows; no loop is written",
        Ending.LENGTH,
        75.0,
    ),
    ("kant", "Kant in one page", "What can I know?", Ending.COMPLETE, 12 * 24.0),
    (
        "port",
        "Which process holds port 8080?",
        "Ask `ss -ltnp`, or watch `lsof` in a loop",
        Ending.ERROR,
        40 * 24.0,
    ),
)
"""Id, prompt, reply, ending, and age in hours."""


def saved_talks(folder: Path, now: float) -> Library:
    """A library with a few conversations; the first has a second attempt, which is the chosen one."""
    library = Library(folder)
    for name, prompt, reply, ending, age_h in SAVED:
        at = now - age_h * _HOUR
        messages = [
            Message(f"{name}-p", None, Role.USER, prompt, created_at=at),
            Message(
                f"{name}-r", f"{name}-p", Role.ASSISTANT, reply, created_at=at, model="large-1", ending=ending
            ),
        ]
        if name == "borrow":
            other = "Borrows end at the last use, not at the brace.\n\n```rust\nfor x in &mut list {}\n```"
            again = replace(messages[1], id="borrow-r2", text=other)
            messages.append(again)
        conversation = Conversation(name, title=title_from(prompt), created_at=at, messages=messages)
        library.keep(conversation, updated_at=at)
    library.listing.tag("sql", ["work"])
    library.listing.pin("kant")
    return library
