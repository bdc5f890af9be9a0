"""All built-in tools, as a source."""

from __future__ import annotations

from collections.abc import Sequence

from llmhub_tui.tools.builtin.calculator import calculator
from llmhub_tui.tools.builtin.fetch import fetcher, is_public
from llmhub_tui.tools.builtin.files import file_tools
from llmhub_tui.tools.builtin.roots import Roots
from llmhub_tui.tools.builtin.snippets import snippet_runner
from llmhub_tui.tools.builtin.times import clock_tool
from llmhub_tui.tools.builtin.writing import file_writer
from llmhub_tui.tools.tool import Tool


def _anywhere(_: str) -> bool:
    return True


class BuiltIns:
    """Has what comes along; the same at any time."""

    title = "Built in"

    def __init__(self, roots: Roots, *, private_addresses: bool = False) -> None:
        """Takes the folders that the file tools may see, and whether private addresses may be fetched."""
        self._tools: tuple[Tool, ...] = (
            clock_tool(),
            calculator(),
            *file_tools(roots),
            file_writer(roots),
            fetcher(_anywhere if private_addresses else is_public),
            snippet_runner(),
        )
        self._roots = roots

    async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
        """All of them."""
        return self._tools

    def troubles(self) -> Sequence[str]:
        """Says where folders are still to be named."""
        if self._roots.paths:
            return ()
        return ("The file tools see no folder until `roots` under [tools] in the settings names some.",)
