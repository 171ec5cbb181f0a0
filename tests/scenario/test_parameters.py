"""The registry of dated figures is whole, and asking by date gives the figure of that day."""

import datetime as dt

import pytest

from funnel_sim.errors import InputError
from funnel_sim.reference import customs, exchange_rates, platform_fees, provenance, studies
from funnel_sim.reference.provenance import DATA_DATE, LAW, Provenance
from funnel_sim.scenario.upkeep import TABLES

FEWEST = {"spread": 6, "ads_billing": 12}
EVIDENCE = {"published", "transcribed", "measured", "derived", "secondary", "claim", "assumed"}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("topic", TABLES)
def test_every_figure_has_source_and_evidence_and_none_is_from_the_future(topic):
    rows = TABLES[topic]()
    assert len(rows) >= FEWEST.get(topic, 16)
    for row in rows:
        source = row.provenance
        assert source.topic == topic
        assert source.source.strip(), row
        assert source.evidence in EVIDENCE, row
        # a law may be known before it begins (Vietnam's 10 % from 2027): changed on purpose with
        # the rows that end
        assert (
            source.start is None or source.start <= DATA_DATE or (topic in LAW and source.weak)
        ), row
        assert source.end is None or source.start is None or source.start <= source.end, row
        if source.evidence in ("assumed", "claim"):
            assert source.weak, row


def test_rates_are_fractions_and_tiers_rise():
    for rule in platform_fees.commission_rules():
        bounds = [upto for upto, _ in rule.tiers]
        assert bounds[-1] is None and bounds[:-1] == sorted(b for b in bounds if b is not None), (
            rule
        )
        assert all(0 <= rate < 0.6 for _, rate in rule.tiers), rule
        assert rule.mode in ("flat", "marginal", "whole") and rule.per in ("item", "order")
    for rule in customs.tax_rules():
        assert 0 <= rule.rate < 0.3


@pytest.mark.parametrize(
    ("market", "when", "rate"),
    [
        ("DE", "2020-06-30", 0.19),
        ("DE", "2020-07-01", 0.16),
        ("DE", "2020-12-31", 0.16),
        ("DE", "2021-01-01", 0.19),
        ("SG", "2022-12-31", 0.07),
        ("SG", "2023-01-01", 0.08),
        ("SG", "2023-12-31", 0.08),
        ("SG", "2024-01-01", 0.09),
        ("RU", "2025-12-31", 0.20),
        ("RU", "2026-01-01", 0.22),
        ("JP", "2019-09-30", 0.08),
        ("JP", "2019-10-01", 0.10),
        ("GB", "2011-01-03", 0.175),
        ("GB", "2011-01-04", 0.20),
        ("VN", "2025-06-30", 0.10),
        ("VN", "2025-07-01", 0.08),
        ("VN", "2026-12-31", 0.08),
        ("VN", "2027-01-01", 0.10),  # Resolution 204/2025/QH15
        ("TR", "2023-07-10", 0.20),  # 18 % until 2023-07-09, not a row
    ],
)
def test_tax_on_each_side_of_every_change(market, when, rate):
    assert customs.tax(market, day(when)).rate == rate


def test_before_the_first_known_day_there_is_no_figure_and_it_says_from_when():
    with pytest.raises(InputError) as caught:
        customs.tax("DE", day("1999-01-01"))
    assert caught.value.problems[0].rule == "no_parameter_yet"
    assert "2007-01-01" in caught.value.sentences("en")[0]
    with pytest.raises(InputError) as caught:
        customs.tax("XX", DATA_DATE)
    assert caught.value.problems[0].rule == "no_parameter"


def test_the_lightest_weight_step_that_holds_the_parcel():
    # Amazon FBA DE standard parcel: 3.39 to 0.15 kg, 3.42 to 0.4 kg, 3.44 to 0.9 kg
    fees = [
        platform_fees.fulfilment("Amazon FBA DE", "Standard parcel", kg, DATA_DATE).fee
        for kg in (0.15, 0.16, 0.4, 0.41, 0.9)
    ]
    assert fees == [3.39, 3.42, 3.42, 3.44, 3.44]
    with pytest.raises(InputError):
        platform_fees.fulfilment("Amazon FBA DE", "Standard parcel", 99.0, DATA_DATE)


def test_review_dates():
    source = Provenance("commission", day("2026-07-01"), "2026-07-01", "published", False, "x", "")
    assert source.review_due() == day("2026-10-01")  # 3 months for a rate card (12 until 2026-11)
    assert not source.overdue(day("2026-10-01"))
    assert source.overdue(day("2026-10-02"))
    # changed on purpose: what has no date is told as undated, not as past a date that it has not
    undated = Provenance("commission", None, "undated", "published", False, "x", "")
    assert undated.review_due() is None and not undated.overdue(DATA_DATE)


def test_benchmarks_prefer_strong_and_new():
    found = studies.benchmark("Amazon Ads", "all", "US", "cpc", DATA_DATE)
    assert (found.typical, found.provenance.weak) == (1.18, False)


def test_spreads_between_sellers_rise_and_say_of_whom():
    for row in studies.spreads():
        assert 0 < row.low < row.typical < row.high, row
        assert row.meaning
    # Littledata: top tenth of Shopify stores from 4.7 %, middle 1.4 %, P10 mirrored: √(0.047 /
    # 0.0042) = 3.345
    shop = studies.spread("cvr_visit_to_order", ["Shopify store"], "US", DATA_DATE)
    assert shop is not None and shop.factor == pytest.approx(3.345, abs=0.001)
    assert (
        studies.spread("cvr_visit_to_order", ["Shopify store"], "US", day("2022-12-31")) is None
    )  # data of 2023
    assert (
        studies.spread("cpc", ["Amazon Ads"], "US", DATA_DATE) is None
    )  # nobody publishes percentiles


def test_a_row_holds_from_its_first_to_its_last_day():
    rows = [rule for rule in customs.tax_rules() if rule.market == "VN" and rule.rate == 0.08]
    assert provenance.ask(rows, day("2026-12-31"), "x").rate == 0.08
    with pytest.raises(InputError) as caught:
        provenance.ask(rows, day("2027-01-01"), "x")
    assert (
        caught.value.problems[0].rule == "no_parameter_more"
        and "2026-12-31" in caught.value.sentences("en")[0]
    )


def test_a_look_at_a_law_counts_and_a_rate_ages_from_its_own_day():
    law = Provenance(
        "duty",
        day("2019-05-10"),
        "2026-11-27",
        "published",
        False,
        "x",
        "",
        None,
        day("2026-11-27"),
    )
    assert law.review_due() == day("2027-01-27")  # 2 months after the check
    assert Provenance(
        "fx", day("2026-10-02"), "2026-11-27", "derived", False, "x", "", None, day("2026-11-27")
    ).review_due() == day("2026-11-02")
    ends = Provenance(
        "tax",
        day("2025-07-01"),
        "2026-11-27",
        "secondary",
        False,
        "x",
        "",
        day("2026-12-31"),
        day("2026-11-27"),
    )
    assert ends.review_due() == day(
        "2027-01-01"
    )  # 6 months would be 2027-05-27; the rate ends before


def test_evidence_that_came_later_stands_in_and_says_so():
    late = studies.prior(
        "noise", "residual_sd_monthly_sales_store", "UK gift web shop", day("2001-01-01")
    )
    now = studies.prior("noise", "residual_sd_monthly_sales_store", "UK gift web shop", DATA_DATE)
    assert late.typical == now.typical
    assert "asked for 2001-01-01" in late.provenance.note and "asked for" not in now.provenance.note
    assert all(
        "asked for" in row.provenance.note
        for row in studies.prices_on(day("1990-01-01"))
        if row.provenance.start
    )


@pytest.mark.parametrize(
    ("currency", "when", "level"),
    [
        ("USD", "2025-12-31", 7.0779),  # PBoC parity of 2025-11-27
        ("USD", "2026-01-01", 7.05),
        ("USD", "2026-09-29", 7.05),  # the rough level: plans of those days keep it
        ("USD", "2026-09-30", 6.7351),  # CFETS parity of 2026-09-30
        ("USD", "2026-10-01", 6.7351),
        ("USD", "2026-11-27", 6.7046),  # ECB 2026-10-02: CNY 7.5259 / USD 1.1225
        ("EUR", "2026-11-27", 7.5259),
        ("VND", "2026-11-27", 0.00025866),
    ],
)
def test_exchange_on_each_side_of_every_change(currency, when, level):
    assert exchange_rates.fx(currency, day(when)).cny_per_unit == level
