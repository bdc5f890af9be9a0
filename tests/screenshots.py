"""Makes the pictures that the README shows, from the app itself, with a frozen clock.

.venv/bin/python tests/screenshots.py
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from support.scenes import SCENES

FOLDER = Path(__file__).parent.parent / "screenshots"
PICTURES = {
    "chat": (92, 30),
    "help": (92, 30),
    "light": (92, 30),
    "stopped": (92, 16),
    "history": (110, 30),
    "tools": (92, 30),
}


async def picture(name: str, size: tuple[int, int]) -> str:
    """One screen as SVG."""
    scene = SCENES[name]
    app = scene.stage().app
    async with app.run_test(size=size) as pilot:
        await scene.act(pilot)
        return app.export_screenshot(title="llmhub-chat")


def main() -> None:
    """Writes all pictures."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    FOLDER.mkdir(exist_ok=True)
    for name, size in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(name, size)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
