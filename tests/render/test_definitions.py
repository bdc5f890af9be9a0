"""Definitions of where links lead: on one line or several they are taken, and nothing else is."""

from __future__ import annotations

import pytest
from render.test_document import lines_of, palette, shown, streamed

from llmhub_tui.render.document import MarkdownDocument, render_markdown

LONG = "https://l.example/" + "path/" * 80


@pytest.mark.parametrize(
    ("text", "lines", "urls"),
    [
        ("[a]:\n  https://a.example\n\n[a]", ["a"], ["https://a.example"]),
        ("[a]: https://a.example\n  'A title'\n\n[a]", ["a"], ["https://a.example"]),
        ("[a]: https://a.example '\nover\nlines'\n\n[a]", ["a"], ["https://a.example"]),
        ("[a]:\n<https://a.example>\n(title)\n[b]: https://b.example\n\n[a] [b]", ["a b"], ["a", "b"]),
        ("[a]: https://a.example\n'no title' at all\n\n[a]", ["'no title' at all", "", "a"], ["a"]),
        ("[a]: https://a.example\n'no title\nbut text\n\n[a]", ["'no title but text", "", "a"], ["a"]),
        ("[a\nb]: https://a.example\n\n[a b]", ["a b"], ["https://a.example"]),
        ("- [a]:\n  https://a.example\n- [a]", ["•", "• a"], ["https://a.example"]),
        ("> [a]:\n> https://a.example\nlazy [a]", ["▌ lazy a"], ["https://a.example"]),
        (f"[a]: {LONG} 'title'\n\n[a]", ["a"], [LONG]),
        ("[a]:\n\n[a]", ["[a]:", "", "[a]"], []),
        ("[a]:\n- b", ["[a]:", "• b"], []),
        ("[a]: b c\nd", ["[a]: b c d"], []),
        ("[a] b\nc", ["[a] b c"], []),
        ("[a\n===\nb", ["[a", "", "b"], []),
        ("[a | b\n--|--\n1 | 2", ["[a │ b", "───┼──", "1  │ 2"], []),
        ("[a]: https://a.example\n---\n[a]", ["─" * 60, "a"], ["https://a.example"]),
        ("text\n[a]:\nhttps://a.example", ["text [a]: https://a.example"], ["https://a.example"]),
        ("[", ["["], []),
        ('[a]: <https://a.example> "title\n\n[a]', ['[a]: https://a.example "title', "", "[a]"], ["a"]),
    ],
)
def test_a_definition_is_taken_and_text_is_shown(text: str, lines: list[str], urls: list[str]) -> None:
    assert lines_of(text) == lines
    document = render_markdown(text, palette(), 60)
    found = [link.url for at in range(len(document)) for link in document.line(at).links]
    assert [url for url in found if any(part in url for part in urls)] == found
    assert len(found) == len(urls)


@pytest.mark.parametrize("width", [5, 60])
@pytest.mark.parametrize(
    "text",
    [
        "See [a] and [b c].\n\n[a]:\nhttps://a.example\n'one\ntwo'\n[b\nc]: <https://b.example>\n\"x\" y",
        f"[a]: {LONG}\n[b]: {LONG * 9}\n[c {'d' * 300}]: x\n[e {'f ' * 2000}\n\n[a][b]",
        f"[a]: /x '{'title ' * 60}\n{'more ' * 600}'\nz",
        "[a\\",
        "[a\\]\n]: x\n[b]\n: y\n[]: z\n[^n]: not a note\n> [c]:\n> x\n\n- [d]\n  : x",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_definitions_stream_the_same(text: str, width: int) -> None:
    whole = shown(render_markdown(text, palette(), width))
    for seed in range(12):
        assert shown(streamed(text, width, seed)) == whole


def test_a_definition_of_several_lines_sets_links_above_it_right_at_the_end() -> None:
    document = MarkdownDocument(palette(), 60)
    document.feed("See [docs].\n\n[docs]:\n")
    document.flush()
    document.feed("  https://d.example\n  'The\n  docs'\n")
    assert document.finish() == 0
    assert [link.url for link in document.line(0).links] == ["https://d.example"]
    assert len(document) == 1
