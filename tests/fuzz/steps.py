"""How one input is put through the product: step by step, each within bounds, every complaint being
a fault unless it is a refusal in words.
"""

import contextlib
import json
import math
import re
import resource
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from funnel_sim.errors import InputError
from funnel_sim.words import LANGS
from tests.fuzz.luck import Luck

SECONDS = 5.0
"""Processor time that one step may take: the machine may be busy with other things."""
MEGABYTES = 500
"""Memory that one input may add to what the process had before."""
_NO_NUMBER = re.compile(r"(?<![A-Za-z])(?:nan|NaN|inf|-inf)(?![A-Za-z])")
_SHARES = ("odds", "loss")
_CHANGES = "cash.levers"
"""Where `odds` are by how much a probability changes."""
T = TypeVar("T")


class WrongError(AssertionError):
    """Raised where a step ends without complaint in something that cannot be right."""


class TooLongError(BaseException):
    """Raised in the midst of a step that has used up its time; no `except Exception` holds it."""


@dataclass
class Steps:
    """One input on its way.

    `luck` decides which of the dearer steps are taken; without it all are, or `only` one of them.

    `accepted`: it got past reading; `slowest`: the step that took most processor seconds;
    `seconds`: of each step.
    """

    luck: Luck | None = None
    limit: float = SECONDS
    only: str = ""
    step: str = "start"
    accepted: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    def wanted(self, name: str, odds: float) -> bool:
        """Say whether a step that is taken in a share of cases is taken in this one."""
        if self.luck is None:
            return odds >= 1 or self.only in ("", name)
        return self.luck.odds(odds)

    def take(
        self, name: str, work: Callable[[], T], odds: float = 1.0, *, roomy: bool = False
    ) -> T | None:
        """Return what a step gives, None where it refuses (in both languages, in sentences) or is
        not taken; all else goes up.

        `roomy`: memory is measured but not limited, for what reserves much and uses little (the
        engine that draws pictures).
        """
        if not self.wanted(name, odds):
            return None
        self.step = name
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if roomy:
            resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, self.limit)
        try:
            return work()
        except InputError as error:
            check_refusal(error)
            return None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
            self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - started


def check_refusal(error: InputError) -> None:
    """Raise WrongError where a refusal does not name a place and a rule in words that can be
    written to a file.
    """
    for lang in LANGS:
        sentences = error.sentences(lang)
        if not sentences or not all(one.strip() for one in sentences):
            raise WrongError("a refusal without words")
        for one in sentences:
            written(one, "refusal")


def written(text: str, what: str) -> str:
    """Return a text; raise WrongError where it cannot be stored as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise WrongError(f"{what}: lone surrogate") from None
    return text


def shown(text: str, what: str) -> str:
    """Return a text for people; raise WrongError where it has a number that is none."""
    found = _NO_NUMBER.search(written(text, what))
    if found:
        raise WrongError(f"{what}: …{text[max(0, found.start() - 40) : found.end() + 20]}…")
    return text


def dumped(data: Any, what: str) -> None:
    """Raise ValueError for data that has NaN or infinity in it, WrongError for a share outside 0 to
    1.
    """
    json.dumps(data, allow_nan=False)
    _shares(data, what)


def _shares(data: Any, what: str) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            least = -1 if what.startswith(_CHANGES) else 0
            if (
                key in _SHARES
                and isinstance(value, int | float)
                and not least - 1e-9 <= value <= 1 + 1e-9
            ):
                raise WrongError(f"{what}: {key} = {value!r}")
            _shares(value, f"{what}.{key}")
    elif isinstance(data, list | tuple):
        for value in data:
            _shares(value, what)


def finite(value: float | None, what: str) -> float:
    """Return a number; raise WrongError where there is none."""
    if value is None or not math.isfinite(value):
        raise WrongError(f"{what} = {value}")
    return value


def _too_long(*_: object) -> None:
    raise TooLongError


@contextlib.contextmanager
def bounded(megabytes: int = MEGABYTES) -> Iterator[Callable[[], float]]:
    """Run what is inside with NumPy's complaints as errors, within memory, and with the alarm that
    `Steps.take` sets; yields how many MB were needed so far.
    """
    before = signal.signal(signal.SIGPROF, _too_long)
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    size, resident = _pages()
    if size:
        resource.setrlimit(resource.RLIMIT_DATA, (size + megabytes * 2**20, hard))
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", RuntimeWarning)
            yield lambda: _peak() - resident / 2**20
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _pages() -> tuple[int, int]:
    """Return the data that can be written and what is in memory, in bytes; zeros where the system
    does not say.
    """
    try:
        _, resident, _, _, _, size, *_ = Path("/proc/self/statm").read_text("ascii").split()
    except OSError:
        return 0, 0
    page = resource.getpagesize()
    return int(size) * page, int(resident) * page


def _peak() -> float:
    try:
        text = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0.0
    return next(
        (float(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmHWM")),
        0.0,
    )
