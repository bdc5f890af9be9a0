"""Chooses what to say: a showpiece for a word that asks for one, else the best section of the help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from llmhub_tui.demo import showpieces
from llmhub_tui.demo.calls import tool_script
from llmhub_tui.demo.script import Refusal, Script

_WORD: Final = re.compile(r"[a-z0-9+_.]+")
_PLURAL: Final = re.compile(r"(?<=\w{2}[^s])s$")
_STOP: Final = frozenset(
    _WORD.findall(
        "a an and are as at be by can do does for from have how i if in is it me my of on or so that the "
        "this to was what when where which who why will with you your please tell about explain there get use"
    )
)
_ASKING: Final = _STOP | frozenset(
    _WORD.findall("show give let see want write make try run demo example some one reply answer response now")
)
"""Words around the one that names a showpiece, as in `show me some code`."""
_QUESTION: Final = frozenset(("how", "what", "where", "why", "who", "which", "when", "is", "does"))
"""First words of a question, which wants an answer and no show."""
_INTRO: Final = """Hello! I am the **offline demo** of llmhub-chat: a small server on your own machine, with \
no language model behind it. I can answer questions about llmhub-chat itself, and show what it does.

Try one of these words: `long`, `code`, `table`, `think`, `tool`, `slow`, `drop`, `error`, `cut`.

Or ask, for instance: *How do I connect to Ollama?* or *Where is the key stored?*

To talk to a real model, set `LLMHUB_API_KEY`, or start `llmhub-chat --base-url URL`; **F1** tells more."""
_LEAST: Final = 3.0
"""The score below which a section is no answer."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a help page."""

    page: str
    title: str
    body: str


@cache
def sections() -> tuple[Section, ...]:
    """All help pages, in sections; a page's introduction is one as well."""
    found: list[Section] = []
    folder = resources.files("llmhub_tui") / "help"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".md"):
            continue
        head, *rest = re.split(r"^## ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        page, _, intro = head.partition("\n")
        page = page.removeprefix("# ").strip()
        if intro.strip():
            found.append(Section(page, page, intro.strip()))
        for part in rest:
            title, _, body = part.partition("\n")
            found.append(Section(page, title.strip(), body.strip()))
    return tuple(found)


def script_for(prompt: str) -> Script | Refusal:
    """The reply to a prompt; the same one every time."""
    every = _WORD.findall(prompt.lower())
    words = [word for word in every if word not in _ASKING]
    if words and len(words) <= 2 and every[0] not in _QUESTION:
        shown = _showpiece(words[0], words[1] if len(words) > 1 else "")
        if shown is not None:
            return shown
    return Script(_from_help(prompt) or _INTRO)


def _showpiece(word: str, detail: str) -> Script | Refusal | None:
    match word:
        case "long":
            return Script(showpieces.long_reply())
        case "code":
            return Script(showpieces.CODE)
        case "table" | "tables":
            return Script(showpieces.TABLE)
        case "think":
            return Script(showpieces.THINK, reasoning=showpieces.THINK_REASONING)
        case "slow":
            return Script(showpieces.SLOW, pause_s=0.35)
        case "drop":
            return Script(showpieces.DROP, drop=True)
        case "cut":
            return Script(showpieces.CUT, finish_reason="length")
        case "tool" | "tools":
            return tool_script(detail)
        case "error":
            return _error(detail)
        case _:
            return None


def _error(detail: str) -> Script | Refusal:
    if detail == "mid":
        text = "This reply begins well, and then the server says that something went wrong: "
        return Script(text, failure="The demo failed in mid-reply, as you asked it to.")
    known = {
        "400": Refusal(400, "The demo rejects this request, as you asked it to.", "bad_request"),
        "401": Refusal(
            401, "Incorrect API key provided, says the demo, as you asked it to.", "invalid_api_key"
        ),
        "404": Refusal(404, "The model `none` does not exist, says the demo.", "model_not_found"),
        "429": Refusal(429, "Too many requests, says the demo.", "rate_limit_exceeded", retry_after_s=2),
        "503": Refusal(503, "The demo is overloaded, as you asked it to be.", "overloaded"),
    }
    return known.get(detail, Refusal(500, "The demo failed, as you asked it to.", "server_error"))


def _from_help(prompt: str) -> str:
    asked = {word for word in _words(prompt) if word not in _STOP}
    if not asked:
        return ""
    every = sections()
    texts = [set(_words(f"{section.page} {section.title} {section.body}")) for section in every]
    rarity = {word: 1 + len(every) / (1 + sum(word in text for text in texts)) ** 2 for word in asked}
    scores = [
        sum(
            rarity[word] * (3.0 if word in set(_words(f"{section.title} {section.page}")) else 1.0)
            for word in asked
            if word in text
        )
        for section, text in zip(every, texts, strict=True)
    ]
    best = max(range(len(every)), key=lambda at: scores[at])
    if scores[best] < _LEAST:
        return ""
    section = every[best]
    note = "*From the help of llmhub-chat; I am the offline demo, not a language model.*"
    return f"**{section.title}**\n\n{section.body}\n\n{note}"


def _words(text: str) -> list[str]:
    """Words without their plural's s, so that `keys` finds `key`."""
    found = (word.strip(".") for word in _WORD.findall(text.lower()))
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in found
    ]
