"""What runs is what was consented to: arguments that can be read in two ways are refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmhub_tui.domain.arguments import ArgumentsError, read_arguments
from llmhub_tui.domain.escaped import escaped

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5))
def test_every_json_object_is_read_as_it_is(value: dict[str, object]) -> None:
    assert read_arguments(json.dumps(value)) == value
    assert read_arguments(json.dumps(value, ensure_ascii=False)) == value


def test_no_text_stands_for_no_arguments() -> None:
    assert read_arguments("") == read_arguments(" \n") == read_arguments("{}") == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"path": "a", "path": "b"}', "twice"),
        ('{"path": "a", "pa\\u0074h": "b"}', "twice"),
        ('{"deep": {"a": 1, "a": 2}}', "twice"),
        ('{"path": "a"', "incomplete"),
        ('{"path": "a', "incomplete"),
        ("{", "incomplete"),
        ('{"path":', "incomplete"),
        ('{"path": "a"} and more', "behind"),
        ('{"a": 1}{"a": 2}', "behind"),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "Infinity"),
        ('["a"]', "no JSON object"),
        ('"a"', "no JSON object"),
        ("null", "no JSON object"),
        ("{'a': 1}", "no valid JSON"),
        ('{"a": "\\ud800"}', "half a character"),
        ('{"a": ' + "9" * 10_000 + "}", "too long"),
        ('{"a": ' + "[" * 100 + "]" * 100 + "}", "levels"),
        ("[" * 100_000, "levels"),
        ('{"a": "' + "x" * (1 << 20) + '"}', "too long"),
    ],
)
def test_what_could_be_read_in_two_ways_or_not_at_all_is_refused(text: str, why: str) -> None:
    with pytest.raises(ArgumentsError, match=why):
        read_arguments(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(read_arguments(text), dict)
    except ArgumentsError as error:
        assert str(error)


@given(st.text(st.characters() | st.sampled_from("\x1b\u202e\u200b\u3164\ufe0f\u0301\ud800\n\t")))
def test_escaped_text_hides_nothing(text: str) -> None:
    shown = escaped(text)
    assert all(char == "\n" or char.isprintable() for char in shown)
    assert not set(shown) & set("\u3164\ufe0f\u034f\u115f\u2800")
    shown.encode("utf-8")


def test_escaped_text_keeps_what_can_be_read() -> None:
    text = "naïve 日本語 👍 e\u0301 {}\n"
    assert escaped(text) == text
    assert escaped("a\u202eb\tc\x1bd") == "a\\u202eb\\tc\\u001bd"
    assert escaped("\U000e0041") == "\\U000e0041"
