"""What servers answer, as text."""

from __future__ import annotations

import json
from collections.abc import Iterable

import mcp_types as types


def result_text(result: types.CallToolResult) -> str:
    """A tool's result; structured content where there is nothing else."""
    text = blocks_text(result.content)
    if not text and result.structured_content is not None:
        return json.dumps(result.structured_content, ensure_ascii=False)
    return text or "(empty)"


def prompt_text(result: types.GetPromptResult) -> str:
    """A prompt, its messages one behind the other."""
    return "\n\n".join(blocks_text([message.content]) for message in result.messages)


def resource_text(result: types.ReadResourceResult) -> str:
    """What a resource holds."""
    return "\n\n".join(_resource(part) for part in result.contents)


def blocks_text(blocks: Iterable[types.ContentBlock]) -> str:
    """Text as it is, everything else by what it is."""
    return "\n".join(_block(block) for block in blocks)


def _block(block: types.ContentBlock) -> str:
    match block:
        case types.TextContent():
            return block.text
        case types.ImageContent() | types.AudioContent():
            return f"({block.mime_type}, {len(block.data) * 3 // 4:,} bytes, not shown)"
        case types.ResourceLink():
            return f"({block.name}: {block.uri})"
        case types.EmbeddedResource():
            return _resource(block.resource)


def _resource(part: types.TextResourceContents | types.BlobResourceContents) -> str:
    if isinstance(part, types.TextResourceContents):
        return part.text
    return f"({part.uri}, {len(part.blob) * 3 // 4:,} bytes, not shown)"
