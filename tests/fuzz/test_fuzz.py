"""The fuzzers themselves, a few inputs of each kind, and every input kept from their finds; `make
fuzz` runs them at length.
"""

import math
from pathlib import Path

import pytest

from funnel_sim.errors import InputError, refuse
from funnel_sim.scenario.files import from_bytes
from tests.fuzz import scenarios
from tests.fuzz.luck import Luck
from tests.fuzz.run import KINDS, luck_of, module_of, one, put_through, run, smaller
from tests.fuzz.steps import Steps, TooLongError, WrongError, bounded, dumped, finite, shown

CORPUS = Path(__file__).parent / "corpus"
HANG = 60.0
"""Processor seconds after which a test gives up; the five seconds of `make fuzz` are measured
there, not here.
"""
FEW = {
    "scenarios": (2, 24),
    "tables": (12, 40),
    "links": (7, 150),
    "actual_months": (1, 6),
    "contracts": (1, 8),
    "portfolios": (1, 40),
    "commands": (1, 50),
    "widgets": (1, 5),
}
"""Seed and number of inputs."""
DEAR = frozenset({"scenarios", "actual_months", "contracts", "portfolios"})
"""Kinds of which one input, with every step taken, is twenty commands and files."""
NOT_MENDED: frozenset[str] = frozenset()
"""Kept inputs whose fault stands (kind/name); a name leaves this list with its mending, of which a
strict xfail reminds.
"""


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.sampled(8)
@pytest.mark.parametrize("kind", KINDS)
def test_a_few_inputs_of_each_kind_end_in_figures_or_in_words(kind):
    seed, count = FEW[kind]
    for number in range(count):
        luck = luck_of(kind, seed, number)
        _, fault, _ = put_through(kind, module_of(kind).make(luck), luck, HANG)
        assert fault is None, (
            f"{kind}, seed {seed}, number {number}: {fault}\n{fault.trace if fault else ''}"
        )


def _marks(path: Path) -> list[pytest.MarkDecorator]:
    dear = [pytest.mark.nightly] if path.parent.name in DEAR else []
    if _name(path) in NOT_MENDED:
        return [*dear, pytest.mark.xfail(strict=True, reason="not mended yet")]
    return dear


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=_name(path), marks=_marks(path)) for path in sorted(CORPUS.glob("*/*"))],
)
def test_what_was_found_once_is_not_found_again(path):
    _, fault, _ = put_through(path.parent.name, path.read_bytes(), None, HANG)
    assert fault is None, f"{fault}\n{fault.trace if fault else ''}"


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "path", [one for one in sorted(CORPUS.glob("*/*")) if one.parent.name in DEAR], ids=_name
)
def test_a_kept_input_takes_the_steps_that_every_one_takes(path):
    """The dearer ones, twenty commands and files, are taken by the nightly test above."""
    kind = path.parent.name
    steps, fault, _ = put_through(kind, path.read_bytes(), None, HANG, only="none of them")
    assert fault is None or _name(path) in NOT_MENDED, f"{fault}\n{fault.trace if fault else ''}"
    if kind == "scenarios":
        assert set(steps.seconds) <= {"read", "file", "link", "evaluate", "draws"}


def test_kept_inputs_that_are_not_mended_are_there():
    assert {_name(path) for path in CORPUS.glob("*/*")} >= NOT_MENDED


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", KINDS)
def test_an_input_follows_from_its_seed_and_number_alone(kind):
    make = module_of(kind).make
    same = [make(luck_of(kind, 1, 7)) for _ in range(2)]
    assert same[0] == same[1] != make(luck_of(kind, 2, 7))


@pytest.mark.slow
def test_many_scenarios_get_past_reading():
    """Refusals are cheap: an input that is always refused tests the door only."""
    accepted = 0
    for number in range(200):
        try:
            from_bytes(scenarios.make(luck_of("scenarios", 1, number)))
        except Exception:  # refused, or a fault that is found elsewhere
            continue
        accepted += 1
    assert (
        60 <= accepted <= 190
    )  # actual months are fields too: more that can contradict each other


@pytest.mark.slow
def test_a_run_counts_every_input_and_names_what_replays_a_fault():
    found = run("links", 40, 1, 300.0, workers=1, limit=HANG)
    assert (
        found.tried == 40 == found.accepted + found.refused + sum(map(len, found.faults.values()))
    )
    assert found.accepted > 0 < found.refused
    assert 0 <= found.slowest[2] < 40


@pytest.mark.parametrize(
    ("late", "times", "error"), [((), 1, None), ((1,), 2, None), ((1, 2), 2, "TooLongError")]
)
def test_too_long_is_too_long_twice(monkeypatch, late, times, error):
    """A step that is slow once, beside a busy neighbour, is no fault; one that is slow again is."""
    gone: list[int] = []

    def go(content, steps):
        gone.append(len(gone) + 1)
        if gone[-1] in late:
            raise TooLongError

    monkeypatch.setattr(module_of("links"), "go", go)
    found = one("links", 1, 0, HANG)
    assert (len(gone), found.fault.error if found.fault else None) == (times, error)


@pytest.mark.slow
def test_no_time_is_no_input():
    assert run("links", 40, 1, -1.0, workers=1).tried <= 1


# ---- what counts as a fault
# ------------------------------------------------------------------------------


def test_a_step_that_goes_on_for_ever_is_stopped():
    def endless():
        while True:
            pass

    with bounded(), pytest.raises(TooLongError):
        Steps(limit=0.1).take("endless", endless)


def test_memory_has_an_end_and_is_given_back():
    with bounded(200), pytest.raises(MemoryError):
        Steps().take("large", lambda: bytearray(1_000_000_000))
    assert len(bytearray(300_000_000)) == 300_000_000


def test_a_complaint_of_numpy_is_a_fault():
    import numpy as np

    with bounded(), pytest.raises(RuntimeWarning):
        Steps().take("log", lambda: np.log(np.zeros(1)))


def test_a_refusal_is_none():
    def refused():
        raise refuse("product.price", -1, "above", limit="0")

    assert Steps().take("refused", refused) is None


@pytest.mark.parametrize("value", ["\ud800", "a\udfff"])
def test_a_refusal_that_cannot_be_written_is_a_fault(value):
    class BareError(InputError):
        def sentences(self, lang):
            return [value]

    def refused(error):
        raise error

    with pytest.raises(WrongError):
        Steps().take(
            "refused", lambda: refused(BareError(refuse("x", None, "unknown_field").problems))
        )
    assert (
        Steps().take("refused", lambda: refused(refuse(value, value, "unknown_field"))) is None
    )  # the product's own are written with what can be (ADR 0023)


@pytest.mark.parametrize("text", ["profit nan", "€inf", "(-inf)", "NaN"])
def test_no_number_in_a_text_is_a_fault(text):
    with pytest.raises(WrongError):
        shown(text, "text")
    assert shown("Finance, infinite, Nancy", "text")


def test_no_number_in_json_and_odds_beyond_one_are_faults():
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumped({"a": [math.nan]}, "json")
    with pytest.raises(WrongError):
        dumped({"kpis": [{"odds": 1.01}]}, "json")
    dumped({"kpis": [{"odds": 1.0}], "loss": None}, "json")
    for value in (None, math.nan, math.inf):
        with pytest.raises(WrongError):
            finite(value, "x")


def test_an_input_is_made_smaller_with_the_same_fault(monkeypatch):
    def go(content, steps):
        scenario = steps.take("read", lambda: from_bytes(content))
        if scenario is not None and scenario.product.price > 90:
            raise WrongError("dear")

    monkeypatch.setattr(scenarios, "go", go)
    content = scenarios.json.dumps(
        {
            "funnel_sim": 1,
            "scenario": scenarios._LEAST | {"name": "x", "plan": {"horizon_months": 3}},
        }
    ).encode()
    fault = put_through("scenarios", content, None)[1]
    assert fault is not None
    small = smaller("scenarios", content, fault)
    assert b"horizon" not in small
    assert b"name" not in small
    assert from_bytes(small).product.price == 100


def test_chance_is_the_same_everywhere():
    """Python's own generator, seeded by a text: the digits are those of any machine."""
    assert Luck("1/scenarios/5").random() == 0.4042434829360051
