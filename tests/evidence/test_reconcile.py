"""Two sources of one month held against each other."""

import pytest

from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import FIGURES
from funnel_sim.evidence.store.reconcile import _usual, reconcile, reconciled
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
