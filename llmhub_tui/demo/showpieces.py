"""What the demo shows on request."""

from __future__ import annotations

from typing import Final

CODE: Final = '''Here are a few languages, highlighted as they stream.

```python
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A place on a plane."""

    x: float
    y: float

    def __add__(self, other: "Point") -> "Point":
        return Point(self.x + other.x, self.y + other.y)


print(Point(1, 2) + Point(3, 4))  # Point(x=4, y=6)
```

```rust
fn main() {
    let words: Vec<&str> = "the quick brown fox".split(' ').collect();
    for (number, word) in words.iter().enumerate() {
        println!("{number}: {word}");
    }
}
```

```sql
SELECT title, count(*) AS messages
FROM conversations JOIN messages USING (conversation_id)
WHERE updated_at > date('now', '-7 days')
GROUP BY title ORDER BY messages DESC;
```

```sh
git log --oneline | head -n 5 | while read -r hash subject; do
  printf '%s  %s\\n' "$hash" "$subject"
done
```

Inline code such as `len(words)` stands in the line. Copy the whole reply with **Ctrl+Y**.
'''

TABLE: Final = """A table with all three alignments, and one with wide characters.

| Server | Default port | Streams usage |
|:-------|:------------:|--------------:|
| LLMHub | 443 | on request |
| Ollama | 11434 | yes |
| vLLM | 8000 | on request |
| llama.cpp | 8080 | yes |

| 言語 | 挨拶 | Note |
|------|------|------|
| 日本語 | こんにちは | wide cells stay aligned |
| Français | bonjour | accents do too: é, à, ç |
| Emoji | 👋🏽 | one cluster, two cells |
"""

THINK_REASONING: Final = (
    "The user wants to see reasoning. I am no model, so I have none; but the protocol has a field for it, "
    "and this text comes in that field. It should be folded away once the answer begins, and be there for "
    "whoever wants to read it."
)
THINK: Final = (
    "Those lines above came as `reasoning_content`. They are kept apart from the answer, folded, and "
    "never sent "
    "back as part of the conversation's text."
)

DROP: Final = (
    "This reply is cut off on purpose: the server closes the connection in the middle of a sentence, "
    "without a "
    "finish reason and without the end marker. A careless client would show you half a reply and "
    "call it done. "
    "Here the text that had arrived stays on the screen, the rest is asked for, and the two are "
    "joined so that "
    "no word is doubled and none is lost. If you can read this last sentence, it worked."
)
DROP_AT: Final = 230

CUT: Final = (
    "This reply runs into its token limit. The server says so with the finish reason `length`, and "
    "the chat shows "
    "a badge and the key that helps. Press Ctrl+G now, and the reply goes on exactly where it stopped: "
    "in the middle of this very sentence, if need be, and with nothing repeated. The cut attempt is "
    "kept beside "
    "the whole one."
)
CUT_AT: Final = 212

SLOW: Final = (
    "One word at a time, with a pause after each. Watch the cursor and the clock in the status line, "
    "then press "
    "Escape: the reply stops at once, and the server notices."
)

_PARAGRAPH: Final = (
    "A terminal is a patient reader. It shows one screen at a time, keeps what has gone by in its "
    "memory, and asks "
    "for nothing but text. A chat that lives in it should be as patient: it should follow the end of "
    "a long reply "
    "while you follow it, and leave the page alone while you read.",
    "Words arrive in pieces. A piece may end in the middle of a word, in the middle of a character "
    "made of several "
    "code points, or in the middle of a table. What you see here is released word by word, and "
    "painted at most "
    "thirty times a second, so that the text flows and the machine stays quiet.",
    "Scroll up now. The text below goes on growing, and a mark tells you so, but the line under your "
    "eyes stays where "
    "it is. Press **End** when you want to follow again, or **Escape** when you have seen enough.",
    "When a reply is long, the cost of its last word should be the cost of its first. A finished "
    "paragraph is never "
    "looked at again: it became lines on the screen once, and lines on the screen they stay.",
)
_LISTS: Final = (
    "- a list item\n- another one, with *emphasis* and `code`\n  - and one below it\n",
    "1. first\n2. second\n3. third\n",
    "> A quotation, for a change of pace.\n",
    "```python\nfor page in range(1, 10):\n    print(f'page {page}')\n```\n",
)


def long_reply() -> str:
    """About two thousand words in twelve chapters."""
    parts = ["# A long reply\n"]
    for chapter in range(1, 13):
        parts.append(f"## Chapter {chapter}\n")
        parts += [_PARAGRAPH[(chapter + at) % len(_PARAGRAPH)] + "\n" for at in range(3)]
        parts.append(_LISTS[chapter % len(_LISTS)])
    parts.append("That was all. *The end.*")
    return "\n".join(parts)
