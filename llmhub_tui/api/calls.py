"""Puts tool-call fragments in order, whatever a server leaves out or repeats; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from llmhub_tui.domain.chunks import ToolCallChunk

_MOST_DIGITS: Final = 9
"""Of an index that is sent as text."""


@dataclass(slots=True)
class _Known:
    """A call that has begun."""

    index: int
    """Its number for the outside."""
    id: str
    name: str
    begun: bool = False
    """Whether it has arguments."""


class CallAssembler:
    """Gives every fragment a clean index: servers send none, the same for all, or gaps."""

    def __init__(self) -> None:
        self._calls: list[_Known] = []
        self._by_wire_index: dict[int, _Known] = {}
        self._last: _Known | None = None

    def take(self, fragments: object) -> list[ToolCallChunk]:
        """The fragments of one delta's `tool_calls`, as chunks."""
        if isinstance(fragments, dict):
            fragments = [fragments]
        if not isinstance(fragments, list):
            return []
        return [self._fragment(fragment) for fragment in fragments if isinstance(fragment, dict)]

    def take_function(self, function: object) -> list[ToolCallChunk]:
        """The legacy `function_call` of one delta, as chunks."""
        if not isinstance(function, dict):
            return []
        return [self._fragment({"index": 0, "function": function})]

    def _fragment(self, fragment: dict[str, Any]) -> ToolCallChunk:
        function = fragment.get("function")
        if not isinstance(function, dict):
            function = fragment
        call_id, name = _text(fragment.get("id")), _text(function.get("name"))
        arguments = _arguments(function.get("arguments"))
        wire_index = _number(fragment.get("index"))
        known = self._find(wire_index, call_id, name)
        if known is None:
            known = _Known(self._free_index(wire_index), call_id, name)
            self._calls.append(known)
            if wire_index is not None:
                self._by_wire_index[wire_index] = known
            chunk = ToolCallChunk(known.index, call_id, name, arguments)
        else:
            new_id, new_name = "" if known.id else call_id, "" if known.name else name
            known.id, known.name = known.id or call_id, known.name or name
            chunk = ToolCallChunk(known.index, new_id, new_name, arguments)
        known.begun = known.begun or bool(arguments)
        self._last = known
        return chunk

    def _free_index(self, wire_index: int | None) -> int:
        """The server's index where no other call has it, or else the next one."""
        used = {call.index for call in self._calls}
        return wire_index if wire_index is not None and wire_index not in used else max(used, default=-1) + 1

    def _find(self, wire_index: int | None, call_id: str, name: str) -> _Known | None:
        """The call that a fragment belongs to; `None` where it begins a new one."""
        same_id = next((call for call in self._calls if call_id and call.id == call_id), None)
        if same_id is not None:
            return same_id
        at_index = self._by_wire_index.get(wire_index) if wire_index is not None else self._last
        if at_index is None:
            return None
        if call_id and name and at_index.id and at_index.id != call_id:
            return None  # the same index again, but another call
        if wire_index is None and name and not call_id and at_index.begun:
            return None  # neither index nor id: a name begins a call
        return at_index


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _arguments(value: object) -> str:
    """Arguments as JSON text; some servers send the object itself."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
