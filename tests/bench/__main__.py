"""Measures the chat against floors in the same run, and draws a plot for the README.

    PYTHONPATH=tests .venv/bin/python -m bench

It takes about four minutes. Ratios count; the machine's own speed is in every figure.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.opening import opening
from bench.programs import FLOORS, Measured, run
from bench.rendering import growth
from support.demo import DemoServer

TOKENS = 1500
"""Tokens of the streamed reply, at 100 a second."""
PLOT = Path(__file__).parent.parent.parent / "screenshots" / "bench.svg"


def start_up(home: Path) -> tuple[float, float]:
    """First frame of the chat, and of an empty Textual app; best of five, in turn."""
    ours, floor = [], []
    for _ in range(5):
        with DemoServer() as server:
            ours.append(
                run(["-m", "llmhub_tui", "--base-url", server.url], home, ready="ype a").first_frame_s
            )
        floor.append(run([str(FLOORS / "empty_app.py")], home, ready="ype a").first_frame_s)
    return min(ours), min(floor)


def streaming(home: Path) -> dict[str, Measured]:
    """The same reply in the chat, in the SDK's loop, and in a `MarkdownStream` app."""
    with DemoServer(pace=100) as server:
        limit = str(TOKENS)
        options = ["--base-url", server.url, "--max-tokens", limit]
        return {
            "llmhub-chat": run(
                ["-m", "llmhub_tui", *options], home, ready="ready", keys="long\r", end="cut by length"
            ),
            "the SDK's loop": run(
                [str(FLOORS / "sdk_script.py"), server.url, limit], home, ready="A", end="THE-END"
            ),
            "MarkdownStream": run(
                [str(FLOORS / "markdown_stream.py"), server.url, limit], home, ready="long", end="THE-END"
            ),
        }


def bar(at: int, label: str, value: float, longest: float, unit: str) -> str:
    """One bar of the plot."""
    y, width = 40 + at * 34, 420 * value / longest
    color = "#2f81f7" if at == 0 else "#8b949e"
    return (
        f'<text x="150" y="{y + 16}" text-anchor="end">{label}</text>'
        f'<rect x="160" y="{y}" width="{width:.1f}" height="22" rx="3" fill="{color}"/>'
        f'<text x="{168 + width:.1f}" y="{y + 16}">{value:.2f} {unit}</text>'
    )


def plot(values: dict[str, float]) -> str:
    """CPU per 1,000 tokens as bars."""
    longest = max(values.values())
    bars = "".join(bar(at, name, value, longest, "s") for at, (name, value) in enumerate(values.items()))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="150" font-family="sans-serif" '
        'font-size="13" fill="#8b949e"><text x="10" y="22">CPU seconds for 1,000 streamed tokens</text>'
        f"{bars}</svg>\n"
    )


def row(what: str, ours: float, floor: float, bar_at: float, unit: str = "s") -> str:
    """A row of the table: ours, the floor, their ratio, and what it may be."""
    return f"| {what} | {ours:.3g} {unit} | {floor:.3g} {unit} | {ours / floor:.2f} | {bar_at:g} |"


def main() -> None:
    """Measures everything, prints a table, writes the plot."""
    rows = ["| what | ours | floor | ratio | at most |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        frame, empty = start_up(home)
        rows.append(row("first frame over an empty Textual app's", frame, empty, 1.3))
        streams = streaming(home)
    per_1000 = {name: measured.cpu_s / TOKENS * 1000 for name, measured in streams.items()}
    ours = per_1000["llmhub-chat"]
    rows.append(row("CPU for 1,000 tokens over the SDK's loop", ours, per_1000["the SDK's loop"], 2.5))
    rows.append(row("CPU for 1,000 tokens over MarkdownStream", ours, per_1000["MarkdownStream"], 0.25))
    sent = {name: measured.output_bytes / TOKENS for name, measured in streams.items()}
    rows.append(
        row("bytes a token over MarkdownStream", sent["llmhub-chat"], sent["MarkdownStream"], 0.35, "B")
    )
    for name, (few, many) in growth().items():
        rows.append(row(f"rendering {name}: 64,000 tokens over 1,000", many, few, 1.3))
    few, many, megabytes = opening()
    rows.append(row("opening 5,000 messages over 5", many, few, 1.5))
    print("\n".join([*rows, f"\n5,000 messages of 200 words, all seen: {megabytes:.0f} MB (at most 150)"]))
    PLOT.write_text(plot(per_1000), encoding="utf-8")
    print(f"plot: {PLOT}")


if __name__ == "__main__":
    main()
