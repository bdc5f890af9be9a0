"""Tries the chat's engine against servers that nobody here wrote.

PYTHONPATH=tests .venv/bin/python -m servers [NAME…] [--keep FOLDER]

Without names all of them. Each is installed into a temporary folder, or into one that is kept. A server
that cannot be installed here is left out, and that is said. Exit status: 0 if no server that ran was
found wanting, 1 otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from servers.strangers import STRANGERS, MissingError, running
from servers.tour import STOPS, Tour


async def visit(url: str, lacks: frozenset[str]) -> dict[str, str]:
    """What is wrong at each stop."""
    return {stop: problem async for stop, problem in Tour(url, lacks).stops()}


def main() -> int:
    """Visits the servers, and says how it was."""
    parser = argparse.ArgumentParser(prog="servers", description="Try servers that nobody here wrote.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(STRANGERS))
    parser.add_argument("--keep", type=Path, help="where installations stay for the next time")
    options = parser.parse_args()
    unknown = set(options.names) - set(STRANGERS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    failed = False
    with tempfile.TemporaryDirectory(prefix="servers-") as temporary:
        folder = (options.keep or Path(temporary)).absolute()
        print(f"{'server':<18}" + "".join(f"{stop:<11}" for stop in STOPS))
        for name in options.names or STRANGERS:
            try:
                with running(name, folder) as url:
                    found = asyncio.run(visit(url, STRANGERS[name].lacks))
            except MissingError as error:
                print(f"{name:<18}left out: {error}")
                continue
            words = {"": "ok", "-": "-"}
            print(f"{name:<18}" + "".join(f"{words.get(found[stop], 'WRONG'):<11}" for stop in STOPS))
            for stop, problem in found.items():
                if problem not in words:
                    failed = True
                    print(f"    {stop}: {problem}")
    print("- : the server cannot be brought to do this")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
