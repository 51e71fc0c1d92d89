"""How the interpreter paces itself while it serves."""

import gc
import sys

SWITCH = 0.0005
"""Seconds that a thread may keep the interpreter while another waits: no poll waits long."""


def keep_tempo() -> None:
    """Leave what start-up built out of every later collection, and let threads alternate quickly.

    Whoever starts several services in one program, as tests do, freezes only once.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(SWITCH)
