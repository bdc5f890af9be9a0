"""The process that runs a snippet: it gives up what it does not need, and then runs a file.

Started as a script, so that it shares nothing with the chat; imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import runpy
import sys
from typing import Final

CPU_S: Final = 20
MEMORY: Final = 512 << 20
"""Bytes of address space."""
_FILES: Final = 64 << 20
"""Bytes of the largest file that may be written."""
_PROCESSES: Final = 32
_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
"""`CLONE_NEWUSER` and `CLONE_NEWNET` of Linux: a network of its own, with nothing in it."""
OFFLINE: Final = "offline"
PROBE: Final = """
import socket
names = [name for _, name in socket.if_nameindex()]
print("offline" if names in ([], ["lo"]) else "online")
"""
"""Prints `OFFLINE` where nothing but an idle loopback can be reached."""


def confine() -> None:
    """Gives up network, CPU time, memory and large files, as far as the system can."""
    alone = False
    with contextlib.suppress(OSError, AttributeError, TypeError):
        alone = ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK) == 0
    try:
        import resource  # not on Windows
    except ImportError:
        return
    limits = {
        resource.RLIMIT_CPU: CPU_S,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: _FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 128,
    }
    if alone:  # elsewhere the limit would count the user's other programs as well
        limits[resource.RLIMIT_NPROC] = _PROCESSES
    for name, value in limits.items():
        with contextlib.suppress(OSError, ValueError):
            hard = resource.getrlimit(name)[1]
            most = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(name, (most, most))


def main() -> None:
    """Confines itself and runs a file."""
    confine()
    runpy.run_path(sys.argv[1], run_name="__main__")


if __name__ == "__main__":
    main()
