"""Measures the chat against floors in the same run, and draws a plot for the README.

    PYTHONPATH=tests .venv/bin/python -m bench [--quick]

It takes about ten minutes, `--quick` four: that leaves out the replies of 8,000 tokens. Ratios count;
the machine's own speed is in every figure. The exit status says whether all promises are kept.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import inside, outside
from bench.rows import HEAD, Row, plot, ratio

PLOT = Path(__file__).parent.parent.parent / "screenshots" / "bench.svg"
FLOORS = {"chat": "llmhub-chat", "sdk_script": "the SDK's loop", "markdown_stream": "MarkdownStream"}


def streaming(home: Path, *, quick: bool) -> Iterator[Row]:
    """Replies at 100 tokens a second, over the floors."""
    found = outside.all_of(home, list(FLOORS), 2000)
    ours, sdk, naive = (found[name] for name in FLOORS)
    yield ratio("CPU for 1,000 tokens, over the SDK's ten-line loop", ours.cpu_s, sdk.cpu_s, 2.5)
    yield ratio("the same, over a `MarkdownStream` app", ours.cpu_s, naive.cpu_s, 0.25)
    if not quick:
        many = outside.all_of(home, ["chat", "markdown_stream"], 8000)
        yield ratio("the same at 8,000 tokens", many["chat"].cpu_s, many["markdown_stream"].cpu_s, 0.1)
    sent = f"{naive.bytes_per_token:.0f} B"
    yield Row("bytes to the terminal for each token", ours.bytes_per_token, 500, "B", "", sent)
    yield Row("last byte from the server to the last word", ours.last_word_s * 1000, 100, "ms")
    yield Row("paints a second while streaming", ours.paints_per_s, 30)
    values = {label: found[name].cpu_s for name, label in FLOORS.items()}
    PLOT.write_text(plot("CPU seconds for 1,000 streamed tokens", values, "s"), encoding="utf-8")


def measured(home: Path, *, quick: bool) -> Iterator[Row]:
    """Every promise in turn."""
    yield ratio("first frame, over an empty Textual app's", *outside.start_up(home), 1.3)
    idle, left = outside.leaving(home)
    yield Row("CPU of an idle chat", idle, 0.2, "%")
    yield Row("time to leave", left * 1000, 200, "ms")
    yield from streaming(home, quick=quick)
    yield Row("key echo while streaming, 95 of 100", outside.key_echo(home) * 1000, 50, "ms")
    for name, (short, long) in inside.growth().items():
        yield ratio(f"CPU of a token in {name}: 64,000 tokens over 1,000", long, short, 1.3)
    steps = inside.busy()
    worst = max(steps, key=lambda name: steps[name])
    yield Row("longest time the loop is busy, any hostile text", steps[worst] * 1000, 100, "ms", worst)
    few, many = inside.opening()
    yield ratio("opening 5,000 messages, over 5", many, few, 1.5)
    pane = f"{asyncio.run(inside.memory_mb()):.0f} MB in the pane"
    whole = outside.memory(home, inside.MANY)
    yield Row("memory of the program with 5,000 messages of 200 words", whole, 150, "MB", pane)


def main() -> int:
    """Prints row by row, as they are measured."""
    print(HEAD, flush=True)
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        for row in measured(Path(folder), quick="--quick" in sys.argv[1:]):
            print(row, flush=True)
            kept = kept and row.holds
    print(f"\nplot: {PLOT}")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
