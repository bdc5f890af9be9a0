"""Conversations of any shape, for properties."""

from __future__ import annotations

from hypothesis import strategies as st

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Attachment, Failure, Message, Role, ToolCall, Usage

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBER = st.integers(0, 10**9)
MESSAGE = st.builds(
    Message,
    id=st.just("x"),
    parent=st.none(),
    role=st.sampled_from(Role),
    text=TEXT,
    reasoning=TEXT,
    tool_calls=st.lists(st.builds(ToolCall, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    tool_call_id=TEXT,
    attachments=st.lists(st.builds(Attachment, TEXT, TEXT, st.binary(max_size=20)), max_size=2).map(tuple),
    created_at=st.floats(0, 1e10),
    duration_s=st.floats(0, 1e5),
    model=TEXT,
    ending=st.none() | st.sampled_from(Ending),
    finish_reason=st.none() | TEXT,
    usage=st.none() | st.builds(Usage, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER),
    failure=st.none() | st.builds(Failure, TEXT, TEXT, TEXT),
    kept_chars=NUMBER,
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Trees of any shape."""
    found = Conversation("c", title=draw(TEXT), created_at=draw(st.floats(0, 1e10)))
    for number, message in enumerate(draw(st.lists(MESSAGE, max_size=6))):
        parent = draw(st.none() | st.sampled_from(range(number))) if number else None
        values = {name: getattr(message, name) for name in message.__slots__}
        values |= {"id": str(number), "parent": None if parent is None else str(parent)}
        found.add(Message(**values))
    if len(found):
        found.choose(draw(st.sampled_from([message.id for message in found.messages])))
    return found
