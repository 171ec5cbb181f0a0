"""Platform fees by date, by month, by the country of the seller; each corrected figure with its
source.
"""

import datetime as dt

import pytest

from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference import platform_fees, studies
from funnel_sim.reference.benchmarks import Store, typical
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.presets import origins, preset


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def us(kg: float, on: str, tier: str = "Large standard | price 10-50") -> float:
    return platform_fees.fulfilment("Amazon FBA US", tier, kg, day(on)).fee


def test_peak_fees_on_each_side_of_the_season():
    # sellercentral GABBX6GZPA8MSZGW, read 2026-10-01: up to 4 oz 3.73, in peak 3.97 (15 October to
    # 14 January)
    assert [us(0.1, on) for on in ("2026-10-14", "2026-10-15", "2027-01-14", "2027-01-15")] == [
        3.73,
        3.97,
        3.97,
        3.73,
    ]
    # supplychaindive 758169, sellerlabs: small standard up to 2 oz, price 10–50: 3.32 and 3.32 +
    # 0.19 = 3.51
    assert [
        us(0.05, on, "Small standard | price 10-50") for on in ("2026-10-14", "2026-10-15")
    ] == [3.32, 3.51]


def test_each_month_has_its_own_fee_and_a_split_month_is_weighted_by_days():
    fees, plain = platform_fees.fulfilment_by_month(
        "Amazon FBA US", "Large standard | price 10-50", 0.1, day("2026-11-22")
    )
    # January: 14 days at 3.97 and 17 at 3.73; October: 14 at 3.73 and 17 at 3.97 (the season is
    # taken to come again in 2027)
    assert fees[0] == pytest.approx((14 * 3.97 + 17 * 3.73) / 31)
    assert fees[9] == pytest.approx((14 * 3.73 + 17 * 3.97) / 31)
    assert fees[1:9] == pytest.approx([3.73] * 8) and fees[10:] == pytest.approx([3.97] * 2)
    assert plain.fee == 3.73


def test_storage_has_its_own_last_quarter():
    # fba-profit.com and skucompass: 0.78 and 2.40 USD a cubic foot; corrections 22
    fees, _ = platform_fees.fulfilment_by_month(
        "Amazon FBA US storage",
        "Storage standard Jan-Sep per cubic foot per month",
        None,
        DATA_DATE,
    )
    assert fees == pytest.approx([0.78] * 9 + [2.40] * 3)


def test_a_preset_takes_the_years_mean_and_the_months_their_own():
    scenario = preset("amazon-us-kitchen", day("2026-11-22"))
    assert scenario.plan.start_month == 12  # the first whole month from the day asked for
    assert preset("amazon-us-kitchen", day("2026-11-01")).plan.start_month == 11
    season = scenario.fulfilment.fee_season
    assert sum(season) / 12 == pytest.approx(1, abs=1e-5)
    assert season[11] > season[1] and season[0] == pytest.approx(
        (14 * season[11] + 17 * season[1]) / 31, abs=1e-5
    )
    months = evaluate(scenario).monthly
    per_unit = [
        -fee / units
        for fee, units in zip(months["fulfilment"], months["units_shipped"], strict=True)
    ]
    assert per_unit[0] > per_unit[2]  # December against February
    assert (
        "outside the season" in origins("amazon-us-kitchen")["fulfilment.fulfilment_per_unit"].note
    )


def test_fba_us_rates_of_2026_start_on_15_january():
    # jaygroup, katanamrp, 56ok (corrections 14)
    with pytest.raises(InputError) as caught:
        us(0.1, "2026-01-14")
    assert (
        caught.value.problems[0].rule == "no_parameter_yet"
        and "2026-01-15" in caught.value.sentences("en")[0]
    )


def test_262_is_an_apparel_fee_outside_the_season():
    # corrections 4 took 2.62 for a mislabelled peak fee; two transcriptions of the apparel table
    # carry 2.62, 2.64, 2.68 … 3.30
    tier = "Small standard apparel | price under 10"
    assert [us(kg, "2026-06-01", tier) for kg in (0.05, 0.11, 0.17)] == [2.62, 2.64, 2.68]


@pytest.mark.parametrize(
    ("market", "seat", "on", "bases"),
    [
        ("GB", "CN", "2026-11-22", {"commission": 0.02, "fulfilment": 0.02}),
        ("FR", "CN", "2026-11-22", {"commission": 0.02, "fulfilment": 0.02}),
        ("IT", "CN", "2026-11-22", {"commission": 0.02}),
        ("DE", "CN", "2026-11-22", {}),
        ("DE", "FR", "2026-11-22", {"commission": 0.03, "fulfilment": 0.03}),
        ("CA", "CN", "2025-08-15", {"commission": 0.02}),
        ("CA", "CN", "2025-08-16", {}),
    ],
)
def test_digital_services_fee_by_seat(market, seat, on, bases):
    # support.selleramp.com digital-services-fee; asinzen 153000242844 (corrections 9)
    found = {
        fee.basis: fee.rate
        for fee in platform_fees.seller_fees("Amazon", market, seat, day(on))
        if fee.fee == "digital services fee"
    }
    assert found == bases


def test_the_digital_services_fee_is_a_share_of_the_fee():
    scenario = preset("amazon-uk-home")
    assert [t.rate for t in scenario.commission.tiers][-1] == pytest.approx(
        0.15 * 1.02
    )  # 15 % becomes 15.3 %
    assert "digital services fee" in origins("amazon-uk-home")["commission.tiers"].note
    assert [t.rate for t in preset("amazon-de-kitchen").commission.tiers] == [0.15]


@pytest.mark.parametrize(
    ("market", "rate"),
    [("SG", 0.05), ("MY", 0.05), ("TH", 0.05), ("VN", 0.05), ("PH", 0.0), ("ID", 0.0)],
)
def test_cross_border_technology_fee(market, rate):
    # en.56ok.com detail-896217 (corrections 10): since 2026-02-02
    def on(date: str) -> float:
        return sum(
            fee.rate
            for fee in platform_fees.seller_fees("Shopee", market, "CN", day(date))
            if fee.basis == "sales"
        )

    assert (on("2026-02-01"), on("2026-02-02")) == (0.0, rate)


def test_regulatory_operating_fee_of_etsy_by_seat():
    # help.etsy.com articles/1500011073202 (corrections 17)
    found = {
        seat: sum(fee.rate for fee in platform_fees.seller_fees("Etsy", "US", seat, DATA_DATE))
        for seat in ("FR", "GB", "IT", "ES", "TR", "HK")
    }
    assert found == {"FR": 0.0047, "GB": 0.0032, "IT": 0.0032, "ES": 0.004, "TR": 0.011, "HK": 0.0}


def test_tiktok_and_shopee_in_vietnam():
    # dataede.com, press of 2026-05: 12.5 % and 6 % on 2026-05-09 (TikTok Shop);
    # payment fee 6 % (Shopee)
    rule = platform_fees.commission("TikTok Shop", "VN", "Marketplace: default", DATA_DATE)
    assert (rule.tiers, rule.payment_rate) == (((None, 0.125),), 0.06)
    with pytest.raises(InputError) as caught:  # the flat 5 % ended on 2025-07-17
        platform_fees.commission("TikTok Shop", "VN", "All categories", DATA_DATE)
    assert (
        caught.value.problems[0].rule == "no_parameter_more"
        and "2025-07-17" in caught.value.sentences("en")[0]
    )
    assert preset("shopee-vn").payment.payment_rate == 0.06


def test_what_is_said_of_doubtful_rows():
    # corrections 18 (heycross.com), 19 (duoke 285), 23 (older official table without a minimum),
    # correction 24 is of bundlelive
    rules = {
        (r.platform, r.market, r.category): r.provenance for r in platform_fees.commission_rules()
    }
    assert "platform subsidy" in rules["TikTok Shop", "TH", "Other"].note
    assert platform_fees.commission(
        "Shopee", "MY", "Marketplace non-cashback seller (health and beauty)", DATA_DATE
    ).tiers == ((None, 0.1188),)  # 11 % · 1.08
    beer = rules["Amazon", "GB", "Beer wine spirits"]
    assert beer.weak and "older official table" in beer.note
    assert "14.6" in rules["eBay", "US", "Most categories (no store)"].note


def test_tax_on_fees_is_lost_only_where_it_is_added_and_not_recovered():
    # Amazon MX publishes fees with IVA: 55 MXN hold 55 − 55 / 1.16 of tax that a registered seller
    # recovers
    assert preset("amazon-mx-toys").tax.tax_on_fulfilment == 0.0
    tax = platform_fees.fee_tax("Amazon", "MX", "CN", "fulfilment", DATA_DATE)
    assert tax is not None and (tax.rate, tax.charged, tax.recovered) == (
        0.16,
        "included",
        "registered",
    )
    assert platform_fees.fee_tax("Amazon", "DE", "CN", "fees", DATA_DATE).rate == 0.0


def test_small_operators_prices_are_there():
    # 10100.com/encyclopedia/6/71849858 (corrections 21): 3,000–8,000 CNY a month beside 3–8 % of
    # sales
    found = {
        (p.clause, p.low, p.high)
        for p in studies.agency_prices()
        if "71849858" in p.provenance.source
    }
    assert found == {("base", 3000, 8000), ("share", 0.03, 0.08)}


def test_like_is_compared_with_like():
    def span(market: str, currency: str) -> tuple[float, float] | None:
        found = typical(
            Store("Amazon", market, "Home and kitchen", currency, DATA_DATE),
            "channels.ads.cpc",
            "cpc",
        )
        return (found.low, found.high) if found else None

    assert span("US", "USD") == (0.98, 1.18)
    assert span("GB", "GBP") == (0.5, 0.85)  # not the US figure in pounds
    assert span("JP", "JPY") == (40, 110)
    assert (
        span("SE", "EUR") is None
    )  # no figure of Sweden or of a region that holds it: none at all
    # a catch-all category fits several rows of the table: none of them is like it
    catch_all = Store(
        "Amazon", "DE", "Everything else (toys pet sports kitchen fall here)", "EUR", DATA_DATE
    )
    assert typical(catch_all, "fulfilment.return_rate") is None
