"""The HTML export: one page that runs nothing, fetches nothing, and shows a stranger's text as text."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Attachment, Failure, Message, Role, ToolCall
from llmhub_tui.export.as_html import to_html

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCRIPT = "document.body.innerHTML = 'pw' + 'ned'"


def hostile(address: str) -> str:
    """What a stranger would write to make a page run or fetch something."""
    return f"""
<script>{SCRIPT}</script>
<img src="{address}/tag" onerror="{SCRIPT}">
<iframe src="{address}/frame"></iframe>
<link rel="stylesheet" href="{address}/style">
</style></title></textarea></pre><svg onload="{SCRIPT}">
<meta http-equiv="refresh" content="0; url={address}/refresh">
![picture]({address}/picture.png "title")
[run](javascript:{SCRIPT.replace(" ", "")}) [data](data:text/html,<script>1</script>) [file](file:///etc/passwd)
[quote]({address}/"onmouseover="{SCRIPT.replace(" ", "")})
<style>@import url({address}/import);</style>
```"><script>{SCRIPT}</script>
</code></pre><script>{SCRIPT}</script>
```
"""


def page(text: str, title: str = "A title") -> str:
    """The page of a conversation in which a text stands wherever one can stand."""
    first = Message("p", None, Role.USER, text, attachments=(Attachment(text, text, b"x"),))
    reply = Message(
        "r",
        "p",
        Role.ASSISTANT,
        text,
        text,
        (ToolCall(text, text, text),),
        model=text,
        ending=Ending.ERROR,
        failure=Failure("x", text, text),
    )
    other = Message("o", "p", Role.ASSISTANT, text, model="m", ending=Ending.COMPLETE)
    after = Message("t", "o", Role.TOOL, text)
    return to_html(Conversation("c", title=title, messages=[first, other, after, reply]))


class Recorder(BaseHTTPRequestHandler):
    """Notes every request."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def outside() -> Iterator[str]:
    """A server that no page should ask for anything."""
    Recorder.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def seen_by_a_browser(path: Path, home: Path) -> str:
    """The document once a real browser has loaded the page and run whatever runs in it."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so no browser has looked at the page")
    command = [
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        f"--user-data-dir={home / 'browser'}",
        "--virtual-time-budget=2000",
        "--dump-dom",
        path.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=True).stdout


def test_in_a_browser_no_script_runs_and_no_request_leaves(outside: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(hostile(outside), title=hostile(outside)), encoding="utf-8")
    document = seen_by_a_browser(path, tmp_path)
    assert "Tool call" in document
    assert ">pwned<" not in document
    assert Recorder.seen == []


def test_the_same_browser_would_have_shown_a_script_and_a_request(outside: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<body><img src='{outside}/seen'><script>{SCRIPT}</script></body>", encoding="utf-8")
    assert ">pwned<" in seen_by_a_browser(path, tmp_path)
    assert Recorder.seen == ["/seen"]


TAGS = re.compile(r"<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*>", re.IGNORECASE)
KNOWN = frozenset(
    re.findall(
        r"\S+",
        """html head meta title style body header main article div details summary h1 h2 h3 h4 h5 h6 p pre
        code span a ul ol li blockquote hr table thead tbody tr th td em strong s br figure img input""",
    )
)


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=80)
    | st.sampled_from([hostile("http://x"), "<b onclick=x>", "`<i>`", "|<u>|\n|-|\n|<q>|"])
)
def test_no_text_becomes_a_tag_or_an_attribute_that_acts(text: str) -> None:
    for name, attributes in TAGS.findall(page(text, title=text)):
        assert name.lower() in KNOWN
        assert not re.search(r"\bon[a-z]+=", attributes)
        for address in re.findall(r'(?:href|src)="([^"]*)"', attributes):
            assert address.lower().startswith(("http://", "https://", "mailto:", "data:image/"))


def test_everything_that_was_tried_is_in_it() -> None:
    text = page("said **loudly**\n\n| a | b |\n|--|-:|\n| 1 | 2 |\n\n```python\nx = 1\n```")
    assert text.count("<strong>loudly</strong>") == 4
    assert '<td class="right">2</td>' in text
    assert '<span class="n">x</span>' in text
    assert text.count("<article") == 4
    assert "said **loudly**" in text  # a tool's output is no Markdown
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_a_picture_is_part_of_the_page() -> None:
    part = Attachment("a.png", "image/png", b"\x89PNG")
    prompt = Message("p", None, Role.USER, "look", attachments=(part,))
    assert 'src="data:image/png;base64,iVBORw=="' in to_html(Conversation("c", messages=[prompt]))
