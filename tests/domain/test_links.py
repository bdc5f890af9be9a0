"""A link opens nothing but what was shown, and what is shown is where it really leads."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub_tui.domain.links import read_link


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("https://e.example/a?b=c#d", "https://e.example/a?b=c#d", "e.example"),
        ("HTTP://E.Example:8080/", "http://e.example:8080/", "e.example"),
        ("https://e.example/%1b%5B4$p", "https://e.example/%1b%5B4$p", "e.example"),
        ("https://e.example/ä", "https://e.example/%C3%A4", "e.example"),
        ("https://ex%61mple.example/", "https://example.example/", "example.example"),
        ("https://bank.example@evil.example/x", "https://evil.example/x", "evil.example"),
        ("https://www.аpple.com/", "https://www.xn--pple-43d.com/", "www.xn--pple-43d.com"),
        ("https://münchen.de/", "https://xn--mnchen-3ya.de/", "xn--mnchen-3ya.de"),
        ("https://[::1]:80/x", "https://[::1]:80/x", "::1"),
        ("mailto:a@b.example?subject=hi", "mailto:a@b.example?subject=hi", "a@b.example"),
    ],
)
def test_what_is_opened_is_what_is_shown(text: str, url: str, host: str) -> None:
    target = read_link(text)
    assert target is not None
    assert (target.url, target.host) == (url, host)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://www.аpple.com/", "mixes scripts"),
        ("https://münchen.de/", "not plain ASCII"),
        ("https://bank.example@evil.example/", "before the @"),
        ("https://e.example/", ""),
    ],
)
def test_what_may_deceive_is_said(text: str, why: str) -> None:
    target = read_link(text)
    assert target is not None
    assert why in target.warning
    assert bool(why) == bool(target.warning)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "vbscript:x",
        "--help",
        "https://-oProxyCommand=x/",
        "https:///nowhere",
        "https://",
        "https://a b.example/",
        "https://a\x1b.example/",
        "https://a\\@b.example/",
        "https://a%00b.example/",
        "https://a%2fb.example/",
        "https://a.example:99999/",
        "https://[::1/",
        "mailto:nobody",
        "https://e.example/\u202e",
        "https://e.example/" + "x" * 3000,
    ],
)
def test_what_is_no_web_address_is_not_opened(text: str) -> None:
    assert read_link(text) is None


@given(
    st.text() | st.text().map(lambda text: f"https://{text}") | st.text().map(lambda text: f"mailto:{text}")
)
def test_whatever_is_opened_is_plain_ascii_with_a_known_scheme(text: str) -> None:
    target = read_link(text)
    if target is not None:
        assert target.url.isascii()
        assert target.url.isprintable()
        assert " " not in target.url
        assert urlsplit(target.url).scheme in ("http", "https", "mailto")
