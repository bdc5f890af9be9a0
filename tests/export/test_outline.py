"""Exports hold every message of every attempt, once, with the open path outside."""

from __future__ import annotations

from hypothesis import given, settings
from support.trees import conversations

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.export.as_text import to_markdown
from llmhub_tui.export.outline import OtherBegins, OtherEnds, Said, outline


@settings(max_examples=100, deadline=None)
@given(conversations())
def test_every_message_stands_in_it_once_and_the_path_outside(conversation: Conversation) -> None:
    depth, said, outer = 0, [], []
    for step in outline(conversation):
        if isinstance(step, OtherBegins):
            depth += 1
        elif isinstance(step, OtherEnds):
            depth -= 1
        else:
            assert isinstance(step, Said)
            said.append(step.message.id)
            if not depth:
                outer.append(step.message)
    assert depth == 0
    assert sorted(said) == sorted(message.id for message in conversation.messages)
    assert outer == conversation.path()


def test_what_followed_another_attempt_is_kept_with_it() -> None:
    conversation = Conversation(
        "c",
        messages=[
            Message("p1", None, Role.USER, "first wording"),
            Message("r1", "p1", Role.ASSISTANT, "first answer"),
            Message("p2", None, Role.USER, "second wording"),
            Message("r2", "p2", Role.ASSISTANT, "second answer"),
        ],
    )
    text = to_markdown(conversation)
    order = [
        text.index(words) for words in ("second wording", "first wording", "first answer", "second answer")
    ]
    assert order == sorted(order)
    assert text.index("<details>") < order[1] < order[2] < text.index("</details>") < order[3]
