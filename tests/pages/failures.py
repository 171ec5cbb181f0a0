"""A page that fails fails its test.

The frame of every page (ui/shell.py) says an unforeseen error in one sentence and goes on, so
`test.exception` stays empty. Each run of an AppTest is therefore looked at as it ends: for that
sentence, and for errors outside the frame.
"""

import pytest
from streamlit.testing.v1 import AppTest

from funnel_sim.words import LANGS, say

FAILED = frozenset(say(lang, "shell.failed") for lang in LANGS)


class PageFailedError(AssertionError):
    """Raised where a run of a page ended in its failure notice or in an exception; the log has the
    traceback.
    """


def watch(patch: pytest.MonkeyPatch) -> None:
    """Look at every run of every AppTest from here on, until the patch is undone."""
    run = AppTest._run

    def watched(self: AppTest, *args: object, **named: object) -> AppTest:
        test = run(self, *args, **named)
        told = [str(one.value) for one in test.error if one.value in FAILED] + [
            f"outside the frame: {one.message}" for one in test.exception
        ]
        if told:
            raise PageFailedError("\n".join(told))
        return test

    patch.setattr(AppTest, "_run", watched)
