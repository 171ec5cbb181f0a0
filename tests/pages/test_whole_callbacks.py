"""A request that comes while a callback runs waits for its end, and so does the next callback."""

import threading

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState
from streamlit.runtime.state.session_state import SessionState

from funnel_sim.ui.server.whole_callbacks import callbacks_run_whole


class Asked(ScriptRunner):
    """A script that is at work, with a newer request waiting."""

    def __init__(self):
        self._execing = True
        self._requests = ScriptRequests()
        self._requests.request_rerun(RerunData())

    def _is_in_script_thread(self):
        return True


@pytest.fixture(autouse=True)
def _in_a_script():
    callbacks_run_whole()
    callbacks_run_whole()  # a second call wraps nothing once more
    ThreadState.initialize()


def test_the_script_is_interrupted_by_a_newer_request():
    with pytest.raises(RerunException):
        Asked()._maybe_handle_execution_control_request()


def test_a_callback_is_not_and_the_request_is_not_forgotten():
    asked = Asked()
    with ThreadState.scoped(run_location=RunLocation.CALLBACK, fragment_id=None):
        for _ in range(3):
            asked._maybe_handle_execution_control_request()
    with pytest.raises(RerunException):
        asked._maybe_handle_execution_control_request()


def test_a_wrapped_function_is_wrapped_once():
    once = ScriptRunner._maybe_handle_execution_control_request
    callbacks_run_whole()
    assert ScriptRunner._maybe_handle_execution_control_request is once


def test_the_callbacks_of_a_session_run_one_after_the_other(monkeypatch):
    """Both read the scenario, change a part of it and put it back: at the same time, one change was
    lost.
    """
    held, inside, order = {"one": 0}, threading.Barrier(2), []

    def changes(self, **_):
        before = held["one"]
        order.append("in")
        with pytest.raises(threading.BrokenBarrierError):
            inside.wait(timeout=0.2)  # nobody else comes in meanwhile
        inside.reset()
        order.append("out")
        held["one"] = before + 1

    monkeypatch.setattr(SessionState, "_call_callbacks", changes)
    session = SessionState()
    both = [
        threading.Thread(target=session.on_script_will_rerun, args=(WidgetStates(),))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert held["one"] == 2 and order == ["in", "out", "in", "out"]
