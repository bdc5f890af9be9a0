"""`kill -9` at random moments of a streaming reply, again and again in the same data."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from faults.chats import Place
from faults.speaker import Speaker, lost_ms

_PER_CONVERSATION = 10
"""Kills after which a new conversation begins, so that opening the old one stays quick."""


@dataclass
class Killed:
    """What a run of kills has shown."""

    kills: int = 0
    lost_ms: list[float] = field(default_factory=list)
    offered: int = 0
    """Starts after a kill that showed the recovered reply."""

    def __str__(self) -> str:
        worst, middle = max(self.lost_ms), sorted(self.lost_ms)[len(self.lost_ms) // 2]
        return (
            f"{self.kills} kills: no prompt lost, every file sound, {self.offered} replies offered again; "
            f"reply lost: {middle:.0f} ms in the middle, {worst:.0f} ms at worst"
        )


def kill_again_and_again(
    home: Path, count: int, *, limit_ms: float, seed: int = 1, tell: Callable[[str], None] = lambda _: None
) -> Killed:
    """Kills the chat this many times, and looks at what is left each time.

    Args:
        home: an empty folder.
        count: of kills.
        limit_ms: the most that may be missing of a reply.
        seed: of the moments.
        tell: is told how far it is.
    """
    chance = random.Random(seed)
    place, found = Place(home), Killed()
    prompts: list[str] = []
    with Speaker() as speaker:
        before = -1
        for number in range(count):
            again = number % _PER_CONVERSATION > 0
            prompt = f"prompt {number} 東京"
            with place.chat(speaker.url, *(["-c"] if again else [])) as terminal:
                if before > 0:
                    # with `-c` the reply itself is shown, else a notice says that it is there
                    terminal.wait_for(*(["incomplete"] if again else ["was cut when llmhub-chat ended"]))
                    found.offered += 1
                terminal.wait_for("ready")
                terminal.send(f"{prompt}\r")
                assert speaker.asked.acquire(timeout=30), f"no request came; the screen:\n{terminal.text}"
                time.sleep(chance.random() * 1.2)
                end = time.monotonic()
                terminal.kill()
            prompts.append(prompt)
            assert place.integrity() == "ok"
            assert place.prompts() == prompts
            before = place.kept()
            found.kills += 1
            found.lost_ms.append(lost_ms(before, speaker.sent_at, end))
            assert found.lost_ms[-1] <= limit_ms, f"{found.lost_ms[-1]:.0f} ms of a reply are lost"
            if found.kills % 10 == 0:
                tell(str(found))
    return found
