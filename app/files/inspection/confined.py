"""The walls around what looks into documents: little memory, little time, no network."""

import ctypes
import resource
import sys
from contextlib import suppress
from pathlib import Path

MEMORY = 256 * 1024 * 1024
CPU_SECONDS = 20
LARGEST_FILE = 64 * 1024 * 1024
OPEN_FILES = 32
NEW_USER, NEW_NET = 0x10000000, 0x40000000
NO_NEW_RIGHTS = 38
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "ctypes.",
)


def limit(memory: int = MEMORY) -> None:
    """Bound memory, time, size of files and their number; nothing can raise the bounds again."""
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))


def cut_off() -> bool:
    """Leave the network, where the kernel allows it, and refuse sockets and programs by Python.

    Returns whether the kernel did: a namespace of one's own holds no network at all.
    """
    alone = False
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(NO_NEW_RIGHTS, 1, 0, 0, 0)
        alone = system.unshare(NEW_NET) == 0 or system.unshare(NEW_USER | NEW_NET) == 0
    sys.addaudithook(_refuse)
    return alone


def peak() -> int:
    """Return the most memory held, in KiB, where it is told; `getrusage` counts the parent's."""
    with suppress(OSError), Path("/proc/self/status").open() as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    return 0


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"{event} is not for this program")
