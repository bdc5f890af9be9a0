"""Where a reply was joined: the lines that carry a mark in the margin."""

from __future__ import annotations

from collections.abc import Iterable

from llmhub_tui.render.document import MarkdownDocument
from llmhub_tui.tui.widgets.pane.look import PaneLook


def seam_rows(text: str, seams: Iterable[int], look: PaneLook) -> set[int]:
    """The lines of a reply's body on which its seams are.

    Args:
        text: the reply's.
        seams: characters from its start.
        look: the width that its lines have.
    """
    rows = set()
    for seam in seams:
        document = MarkdownDocument(look.palette, look.width)
        document.feed(text[:seam])
        rows.add(row_at_end(document))
    return rows


def row_at_end(document: MarkdownDocument) -> int:
    """The line on which what comes next will stand."""
    document.flush()
    return max(0, len(document) - 1)
