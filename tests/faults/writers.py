"""Several processes write to one file at once, each in its own conversation and all in a common one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from faults.chats import Place
from llmhub_tui.store.library import Library

_WRITER = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.messages import Role
from llmhub_tui.store.library import Library

name, turns = sys.argv[2], int(sys.argv[3])
library = Library(Path(sys.argv[1]))
common = Conversation("common")
async def speak(conversation, number):
    leaf = conversation.leaf()
    key = f"{conversation.id}-{name}-{number}"
    prompt = Message(key + "p", leaf.id if leaf else None, Role.USER, f"{name} {number}")
    reply = Message(key + "r", prompt.id, Role.ASSISTANT)
    conversation.add(prompt)
    conversation.add(reply)
    await library.begin(conversation, [prompt, reply])
    for word in range(20):
        library.append(reply.id, f"{word} ", "")
        await asyncio.sleep(0.001)
    reply = replace(reply, text="".join(f"{word} " for word in range(20)), ending=Ending.COMPLETE)
    conversation.update(reply)
    await library.finish(conversation, reply)
async def main():
    own = Conversation(name)
    for number in range(turns):
        await speak(own, number)
        await speak(common, number)
asyncio.run(main())
assert library.close(), library.trouble
"""


def write_at_once(home: Path, writers: int, turns: int) -> None:
    """Every process writes this many turns twice; all of them must be there, and none of them mixed."""
    place = Place(home)
    Library(place.data).close()
    children = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(place.data), f"writer{number}", str(turns)])
        for number in range(writers)
    ]
    assert [child.wait(300) for child in children] == [0] * writers
    assert place.integrity() == "ok"
    library = Library(place.data)
    assert library.check() == []
    text = "".join(f"{word} " for word in range(20))
    for number in range(writers):
        own, _ = library.load(f"writer{number}")
        assert [message.text for message in own.path()] == [
            words for turn in range(turns) for words in (f"writer{number} {turn}", text)
        ]
    common, _ = library.load("common")
    assert len(common) == 2 * writers * turns
    for number in range(writers):  # each has a branch of its own, from the root to its last reply
        branch = [
            *common.before(f"common-writer{number}-{turns - 1}r"),
            common[f"common-writer{number}-{turns - 1}r"],
        ]
        assert [message.text for message in branch[::2]] == [
            f"writer{number} {turn}" for turn in range(turns)
        ]
    library.close()
