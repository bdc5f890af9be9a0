"""A server's list of models, in whatever shape it comes; pure."""

from __future__ import annotations

from dataclasses import dataclass

from llmhub_tui.api.sse import parse_json


@dataclass(frozen=True, slots=True)
class ModelList:
    """What a server says of its models."""

    names: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()
    """What `owned_by` says, lower case; servers put their own name there."""


def read_models(body: bytes) -> ModelList:
    """The models in a list: OpenAI's `data[].id`, Ollama's `models[].name`, or bare names."""
    value = parse_json(body)
    entries = (value.get("data") or value.get("models")) if isinstance(value, dict) else value
    names, owners = [], set()
    for entry in entries if isinstance(entries, list) else []:
        name = (entry.get("id") or entry.get("name")) if isinstance(entry, dict) else entry
        if isinstance(name, str) and name:
            names.append(name)
        owner = entry.get("owned_by") if isinstance(entry, dict) else None
        if isinstance(owner, str):
            owners.add(owner.lower())
    return ModelList(tuple(names), frozenset(owners))
