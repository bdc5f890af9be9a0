"""`python -m llmhub_tui.demo`: the demo server alone."""

from __future__ import annotations

import argparse
import sys

from llmhub_tui.demo.serving import PACE, serve


def main() -> int:
    """Serves; answers with the exit status."""
    parser = argparse.ArgumentParser(prog="python -m llmhub_tui.demo", description="The demo of llmhub-chat.")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 for any free one")
    parser.add_argument("--pace", type=float, default=PACE, help="tokens per second; 0 for no limit")
    parser.add_argument("--child", action="store_true", help="end when standard input is closed")
    options = parser.parse_args()
    return serve(options.port, options.pace, child=options.child)


if __name__ == "__main__":
    sys.exit(main())
