"""A callback runs to its end, and alone in its session: nothing that was typed is lost to the next
box.

Streamlit 1.67 answers a newer request by telling the script at work to stop, which it does wherever
it touches the session, callbacks included, and by starting another one beside it at once. Somebody
who goes on to the next box while the callback of the one before is at work therefore ends it half
way, or has both callbacks change the same scenario at the same time, of which one change stays
(docs/decisions/0063). Here a request waits for the callback that is at work, and the callbacks of a
session run one after the other; what a script draws is interrupted as before.
"""

import threading
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState
from streamlit.runtime.state import SessionState

_DONE = "waits_for_callbacks"
_TURNS = tuple(threading.RLock() for _ in range(64))
"""Whose turn it is: a session keeps to one of them, so that none has to be kept for each."""
_GRAIN = 64  # bytes between two objects


def callbacks_run_whole() -> None:
    """Let requests wait for callbacks in this process; safe to call again."""
    yields = ScriptRunner._maybe_handle_execution_control_request
    prepares = SessionState.on_script_will_rerun
    if hasattr(yields, _DONE):
        return

    def yields_outside_callbacks(self: ScriptRunner) -> None:
        if self._is_in_script_thread() and _in_callback():
            return
        yields(self)

    def prepares_in_turn(self: SessionState, *args: Any, **named: Any) -> None:
        with _turn_of(self):
            prepares(self, *args, **named)

    setattr(yields_outside_callbacks, _DONE, True)
    setattr(ScriptRunner, yields.__name__, yields_outside_callbacks)
    setattr(SessionState, prepares.__name__, prepares_in_turn)


def _turn_of(session: SessionState) -> threading.RLock:
    return _TURNS[id(session) // _GRAIN % len(_TURNS)]


def _in_callback() -> bool:
    try:
        return ThreadState.get().run_location is RunLocation.CALLBACK
    except RuntimeError:  # no script runs on this thread yet
        return False
