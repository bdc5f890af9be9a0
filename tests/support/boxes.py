"""Real toolboxes, and calls put to them as a model would."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llmhub_tui.domain.consent import ConsentRequest
from llmhub_tui.domain.messages import ToolCall
from llmhub_tui.domain.tools import ToolResult
from llmhub_tui.tools.builtin.roots import Roots
from llmhub_tui.tools.builtin.source import BuiltIns
from llmhub_tui.tools.tool import Source
from llmhub_tui.tools.toolbox import Toolbox


def built_ins(*roots: Path, hidden: Sequence[Path] = (), private_addresses: bool = False) -> Toolbox:
    """The built-in tools over these folders."""
    return Toolbox([BuiltIns(Roots(roots, hidden=hidden), private_addresses=private_addresses)])


async def offered(*sources: Source, limit_s: float = 20.0) -> Toolbox:
    """A toolbox with everything on."""
    box = Toolbox(sources, limit_s=limit_s)
    await box.offer(["*"])
    return box


def call_of(name: str, /, **arguments: Any) -> ToolCall:
    """A call with these arguments."""
    return ToolCall("c", name, json.dumps(arguments))


async def run_tool(box: Toolbox, name: str, /, **arguments: Any) -> ToolResult:
    """The result of a call, checked first as a session does."""
    await box.offer(["*"])
    checked = await box.check(call_of(name, **arguments))
    return checked if isinstance(checked, ToolResult) else await box.run(call_of(name, **arguments))


async def request_of(box: Toolbox, name: str, /, **arguments: Any) -> ConsentRequest:
    """What the user would be asked."""
    await box.offer(["*"])
    checked = await box.check(call_of(name, **arguments))
    assert isinstance(checked, ConsentRequest), checked
    return checked
