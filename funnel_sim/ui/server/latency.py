"""Answers leave at once: no waiting for an acknowledgement between two messages, nor for a needless
sweep after them.

Streamlit 1.67 binds its listening socket without naming the protocol, so asyncio does not switch
off Nagle's algorithm on it; each small message then waits up to 40 ms for the acknowledgement of
the one before, and a page that is sent in three batches loses 80 ms. The option is set here on the
sockets of this process; accepted connections inherit it. Measured in
docs/decisions/0005-small-components.md.

After every run of the script Streamlit has Python look through all objects for rubbish; with the
libraries loaded that took 90 ms, most of an answer. What is loaded once stays for ever and need not
be looked through: `serve` sets it aside. Measured in docs/decisions/0018-many-at-once.md.
"""

import gc
import importlib
import os
import pkgutil
import socket
import sys

from funnel_sim.scenario.presets import preset
from funnel_sim.ui.session.state import FIRST_PRESET
from funnel_sim.words import LANGS, say

_MOST_DESCRIPTORS = 1024
_TURN_SECONDS = 0.0005


def set_aside_what_stays() -> int:
    """Load what any page needs, and take it out of the search for rubbish; return how many objects
    that are.

    To be called before the server opens its port: what is set aside is not looked through again, so
    of a visitor who is already there some would never be let go
    (docs/decisions/0016-nothing-is-kept.md).
    """
    import funnel_sim  # noqa: PLC0415 - the package names its own parts here

    for part in pkgutil.walk_packages(funnel_sim.__path__, "funnel_sim."):
        if not part.name.endswith((".serve", "__main__")):
            importlib.import_module(part.name)
    _read_tables()
    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()


def _read_tables() -> None:
    """Read the product's own tables and sentences, which the first page would: nine thousand
    objects, half of what was looked through after every run.
    """
    preset(FIRST_PRESET)
    for lang in LANGS:
        say(lang, "page.start")


def answer_at_once() -> int:
    """Switch off the delay on every TCP socket of this process; return how many there were.

    Safe to call again. Does nothing where descriptors are not numbered files (Windows).
    """
    # Script and server share the interpreter turn by turn; Python's 5 ms a turn is long against a
    # message.
    sys.setswitchinterval(_TURN_SECONDS)
    if sys.platform == "win32":
        return 0
    found = 0
    for number in range(3, _MOST_DESCRIPTORS):
        try:
            copy = os.dup(number)
        except OSError:
            continue
        try:
            with socket.socket(fileno=copy) as one:
                if (
                    one.family in (socket.AF_INET, socket.AF_INET6)
                    and one.type == socket.SOCK_STREAM
                ):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    found += 1
        except OSError:
            os.close(copy)  # not a socket
    return found
