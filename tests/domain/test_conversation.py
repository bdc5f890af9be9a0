"""The tree of attempts keeps everything, and one path through it is open."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub_tui.domain.conversation import Conversation, Place, title_from
from llmhub_tui.domain.endings import Ending, Remedy, ending_of, remedy
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.retry import RetryPolicy
from llmhub_tui.domain.secret import Secret, redacted


@st.composite
def trees(draw: st.DrawFn) -> Conversation:
    """Trees of up to twelve messages."""
    talk = Conversation("c")
    for number in range(draw(st.integers(1, 12))):
        parent = None if number == 0 else draw(st.none() | st.integers(0, number - 1).map(str))
        talk.add(Message(str(number), parent, Role.USER, f"text {number}"))
    return talk


@given(trees(), st.data())
def test_a_chosen_message_is_on_the_path(talk: Conversation, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from([message.id for message in talk.messages]))
    talk.choose(chosen)
    path = talk.path()
    assert chosen in [message.id for message in path]
    assert path[0].parent is None
    assert all(after.parent == before.id for before, after in pairwise(path))
    assert [*talk.before(path[-1].id), path[-1]] == path
    again = Conversation("c", messages=talk.messages, chosen=talk.chosen)
    assert again.path() == path


@given(trees(), st.data())
def test_a_fork_holds_the_way_to_a_message(talk: Conversation, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([message.id for message in talk.messages]))
    other = talk.fork(at, id="f", created_at=1.0)
    assert [message.text for message in other.path()] == [
        message.text for message in [*talk.before(at), talk[at]]
    ]
    assert not {message.id for message in other.messages} & {message.id for message in talk.messages}


def test_siblings_are_counted_from_one() -> None:
    talk = Conversation("c", messages=[Message("p", None, Role.USER)])
    for name in ("a", "b", "c"):
        talk.add(Message(name, "p", Role.ASSISTANT))
    assert talk.place("b") == Place(2, 3)
    assert [message.id for message in talk.path()] == ["p", "c"]


def test_what_does_not_fit_is_refused() -> None:
    talk = Conversation("c", messages=[Message("p", None, Role.USER)])
    with pytest.raises(ValueError, match="there already"):
        talk.add(Message("p", None, Role.USER))
    with pytest.raises(ValueError, match="no parent"):
        talk.add(Message("x", "nowhere", Role.USER))
    with pytest.raises(ValueError, match="cannot move"):
        talk.update(Message("p", "x", Role.USER))
    with pytest.raises(ValueError, match=r"Message\.id is empty"):
        Message("", None, Role.USER)


@given(st.text(max_size=200))
def test_a_title_is_one_short_line(prompt: str) -> None:
    title = title_from(prompt)
    assert len(title) <= 61
    assert "\n" not in title


def test_a_title_is_cut_at_a_word() -> None:
    assert title_from("\n\n  What is\ta monad?  \nmore") == "What is a monad?"
    assert title_from("word " * 30) == ("word " * 12).strip() + "…"


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_has_a_remedy(ending: Ending) -> None:
    assert remedy(ending) in Remedy


@pytest.mark.parametrize(
    ("reason", "facts", "ending"),
    [
        ("stop", "text", Ending.COMPLETE),
        (None, "text", Ending.COMPLETE),
        ("eos_token", "text", Ending.COMPLETE),
        ("stop", "", Ending.EMPTY),
        ("length", "text", Ending.LENGTH),
        ("length", "", Ending.LENGTH),
        ("content_filter", "text", Ending.FILTERED),
        ("stop", "refused", Ending.REFUSAL),
        ("stop", "calls", Ending.TOOL_CALLS),
        ("insufficient_system_resource", "text", Ending.INCOMPLETE),
    ],
)
def test_a_finish_reason_and_what_came_make_an_ending(reason: str | None, facts: str, ending: Ending) -> None:
    found = ending_of(
        reason, has_text=facts == "text", has_calls=facts == "calls", refused=facts == "refused"
    )
    assert found is ending


@given(st.integers(1, 10), st.floats(0, 1, exclude_max=True))
def test_retries_wait_longer_each_time_and_end(attempts: int, jitter: float) -> None:
    policy = RetryPolicy()
    wait = policy.delay(ChatError(ErrorKind.SERVER, "x"), attempts, jitter)
    if attempts > policy.retries:
        assert wait is None
    else:
        assert wait is not None
        assert 0.75 <= wait / min(20.0, 0.5 * 2 ** (attempts - 1)) <= 1.25


@pytest.mark.parametrize(("wish", "wait"), [(0.0, 0.0), (45.0, 45.0), (61.0, None), (-1.0, 0.0)])
def test_the_servers_wish_is_honored_up_to_a_limit(wish: float, wait: float | None) -> None:
    error = ChatError(ErrorKind.RATE_LIMIT, "x", retry_after_s=wish)
    assert RetryPolicy().delay(error, 1, 0.5) == wait


@pytest.mark.parametrize("kind", [ErrorKind.AUTH, ErrorKind.QUOTA, ErrorKind.TOO_LONG, ErrorKind.BAD_REQUEST])
def test_what_cannot_pass_is_not_retried(kind: ErrorKind) -> None:
    assert RetryPolicy().delay(ChatError(kind, "x"), 1, 0.5) is None


def test_a_secret_is_never_shown() -> None:
    secret = Secret(" sk-planted-key \n")
    assert "planted" not in f"{secret} {secret!r} {[secret]} {secret!s:>40}"
    assert secret.reveal() == "sk-planted-key"
    assert redacted("key sk-planted-key!") == "key [key removed]!"
    with pytest.raises(TypeError):
        secret.__reduce__()


@pytest.mark.parametrize("value", ["", "  ", "a b", "sk-\x1b[0m", "schlüssel", "a\nb"])
def test_what_is_no_key_is_refused_without_naming_it(value: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        Secret(value)
    assert value.strip() == "" or value not in str(caught.value)
