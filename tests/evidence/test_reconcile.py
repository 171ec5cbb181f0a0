"""Two sources of one month held against each other."""

import numpy as np
import pytest

from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import FIGURES
from funnel_sim.evidence.store.reconcile import _fitting, _shifted, _usual, reconcile, reconciled
from funnel_sim.evidence.store.together import Source
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.output.words.reconcile import reconciled_sentences
from funnel_sim.words import catalogue


def source(name, text):
    return Source(name, history(read_table(text.encode(), name), beside_others=True))


def test_half_a_percent_is_the_same_and_a_hair_more_is_not():
    # 0.5 % of the larger: 1000 against 995 agrees, against 994.9 it does not
    one = source("a.csv", "month,gmv\n2026-01,1000\n2026-02,1000\n")
    found = reconcile(one, source("b.csv", "month,gmv\n2026-01,995\n2026-02,994.9\n"))
    assert [d.month for d in found.differences] == ["2026-02"] and found.same == 1
    assert found.differences[0].gap == pytest.approx(-5.1)
    assert found.differences[0].share == pytest.approx(-0.0051)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("month,gmv\n2026-01,1000", "month,gmv\n2026-01,1190", "tax"),  # 19 % on top
        ("month,gmv,refunds\n2026-01,1000,80", "month,gmv\n2026-01,920", "refunds"),
        ("month,orders,cancelled\n2026-01,50,6", "month,orders\n2026-01,56", "cancelled"),
        (  # 10 moved from March to April
            "month,orders\n2026-01,50\n2026-02,50\n2026-03,60\n",
            "month,orders\n2026-01,50\n2026-02,60\n2026-03,50\n",
            "dates",
        ),
    ],
)
def test_a_reason_that_the_size_bears_out_comes_first(one, other, reason):
    found = reconcile(source("a.csv", one), source("b.csv", other), tax_rate=0.19)
    row = found.differences[0]
    assert row.fits == 1 and row.reasons[0] == reason
    assert len(set(row.reasons)) == len(row.reasons)


def test_a_gap_that_nothing_accounts_for_has_its_usual_reasons_only():
    found = reconcile(
        source("a.csv", "month,gmv\n2026-01,1000"),
        source("b.csv", "month,gmv\n2026-01,1300"),
        tax_rate=0.19,
    )
    assert found.differences[0].fits == 0
    assert found.differences[0].reasons == tuple(_usual()["reasons"]["gmv"])


def test_months_that_one_covers_in_part_are_not_compared():
    days = "date,orders\n" + "".join(f"2026-01-{day:02d},2\n" for day in range(1, 20))
    found = reconcile(source("a.csv", days), source("b.csv", "month,orders\n2026-01,62"))
    assert found.differences == () and found.same == 0


def test_pairs_without_a_figure_in_common_are_left_out():
    found = reconciled(
        [
            source("a.csv", "month,gmv\n2026-01,1000"),
            source("b.csv", "month,clicks\n2026-01,10"),
            source("c.csv", "month,gmv\n2026-01,1000"),
        ]
    )
    assert [(pair.one, pair.other, pair.same) for pair in found] == [("a.csv", "c.csv", 1)]


def test_every_figure_has_its_reasons_and_each_reason_its_words():
    reasons = _usual()["reasons"]
    assert set(reasons) == set(FIGURES)
    said = {one for row in reasons.values() for one in row} | set(_usual()["accounted"])
    for lang in ("zh", "en"):
        assert all(f"reconcile.reason_{one}" in catalogue(lang) for one in said)


def test_a_difference_is_said_with_its_reasons_in_both_languages():
    found = reconcile(
        source("shop.csv", "month,gmv\n2026-01,1000"),
        source("agency.csv", "month,gmv\n2026-01,1190"),
        tax_rate=0.19,
    )
    en, zh = (reconciled_sentences(found, "EUR", lang)[1] for lang in ("en", "zh"))
    assert "€1,190.00" in en and "16.0%" in en and "tax counted in one of them" in en
    assert "一方含税" in zh


NONE = np.array([np.nan])


@pytest.mark.parametrize(
    ("one", "other", "rate", "told"),
    [
        # 19 % on top, within 2 % of 19 %: from 18.62 to 19.38 %
        (1000.0, 1190.0, 0.19, True), (1190.0, 1000.0, 0.19, True),
        (1000.0, 1186.3, 0.19, True), (1000.0, 1186.1, 0.19, False),
        (1000.0, 1193.7, 0.19, True), (1000.0, 1193.9, 0.19, False),
        (1000.0, 1200.0, 0.20, True),
        # against a month of nothing, and without a rate, nothing is on top
        (0.0, 1190.0, 0.19, False), (1000.0, 1190.0, None, False), (1000.0, 1000.0, 0.0, False),
    ],
)  # fmt: skip
def test_tax_accounts_for_a_gap_of_its_rate(one, other, rate, told):
    figures = ({"gmv": np.array([one])}, {"gmv": np.array([other])})
    found = _fitting("gmv", 0, other - one, figures, rate, shifted=False)
    assert found == (["tax"] if told else [])


@pytest.mark.parametrize(
    ("refunds", "told"),
    # the gap is 80: another figure of 80 within 2 % of itself, 78.43 to 81.63; none of nothing
    [(80.0, True), (78.5, True), (78.4, False), (81.6, True), (81.7, False), (0.0, False)],
)
def test_a_figure_accounts_for_a_gap_of_its_size(refunds, told):
    for gap in (80.0, -80.0):
        one = {"gmv": np.array([1000.0]), "refunds": np.array([refunds])}
        other = {"gmv": np.array([1000.0 + gap]), "refunds": NONE}
        assert ("refunds" in _fitting("gmv", 0, gap, (one, other), None, shifted=False)) == told
        assert ("refunds" in _fitting("gmv", 0, gap, (other, one), None, shifted=False)) == told
    assert _fitting("gmv", 0, 0.0, ({"gmv": NONE}, {"gmv": NONE}), None, shifted=True) == ["dates"]


def test_sums_agree_to_half_a_percent_from_three_months_on():
    """100 + 100 + 100 = 300; 0.5 % of the larger sum, 301.5, is 1.5075."""
    ours = np.array([100.0, 100.0, 100.0])
    assert _shifted(ours, np.array([90.0, 110.0, 101.5]))
    assert not _shifted(ours, np.array([90.0, 110.0, 101.6]))
    assert not _shifted(ours, np.array([90.0, 110.0, 98.4])) and _shifted(ours, ours[::-1])
    assert not _shifted(ours[:2], ours[:2])
