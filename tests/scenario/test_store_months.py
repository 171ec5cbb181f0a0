"""A store's months as one series with one mark."""

import json
import math
import zlib

import pytest

from funnel_sim.chance.history import baseline_month, used_months
from funnel_sim.decisions.economics.currencies import in_currency
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.store_history import (
    fit_funnel,
    with_actuals,
    with_months,
    without_history,
)
from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import TEMPLATE
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.scenario import files
from funnel_sim.scenario.conversion import UNPRICED
from funnel_sim.scenario.links import decode, encode, fingerprint
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.store_months import ADDED, MOST_HISTORY, StoreHistory

SALES = [100.0, 120, 110, 130, 125, 160, 170]


def store(**history):
    return preset("amazon-de-kitchen").replace(
        {f"history.{name}": value for name, value in history.items()}
    )


def test_months_before_the_mark_are_the_baseline():
    # 2026-01 … 2026-07; from 2026-06 on: actuals. Mean of the last three before it: (110 + 130 +
    # 125) / 3
    marked = store(first_month="2026-01", seen_orders=SALES, engagement_from="2026-06")
    assert used_months(marked, "orders").tolist() == SALES[:5]
    assert baseline_month(marked, "orders") == pytest.approx(365 / 3)
    assert marked.history.before_mark() == 5
    assert marked.history.engaged() == ["2026-06", "2026-07"]
    plain = store(first_month="2026-01", seen_orders=SALES)
    assert baseline_month(plain, "orders") == pytest.approx((125 + 160 + 170) / 3)
    assert plain.history.before_mark() == 7 and plain.history.engaged() == []


def test_what_came_after_the_mark_changes_no_forecast():
    kpi = [{"id": "a", "metric": "orders", "target": 0.1, "relative": True}]
    before = store(first_month="2026-01", seen_orders=SALES[:5]).replace({"kpis": kpi})
    after = store(
        first_month="2026-01", seen_orders=[*SALES[:5], 900.0, 1.0], engagement_from="2026-06"
    ).replace({"kpis": kpi})
    odds = [check(fit_funnel(one)[0], 1024).joint.value for one in (before, after)]
    assert odds[0] == odds[1]
    assert fit_funnel(after)[0].plan.start_month == 6


def test_a_mark_after_the_last_month_leaves_the_months_between_unknown():
    late = store(first_month="2026-01", seen_orders=SALES[:3], engagement_from="2026-06")
    known = used_months(late, "orders")
    assert len(known) == 5 and math.isnan(known[3]) and math.isnan(known[4])
    assert late.history.engaged() == [] and late.history.before_mark() == 3


def test_a_series_that_begins_after_the_mark_lacks_its_first_months():
    late = store(first_month="2026-03", seen_orders=SALES[:2], engagement_from="2026-01")
    assert late.history.engaged() == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert used_months(late, "orders").tolist() == []
    assert [math.isnan(v) for v in late.history.of("orders", late.history.engaged())] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("mark", ["1990-01", "2099-01", "2026-13", "June"])
def test_a_mark_that_cannot_be_is_refused(mark):
    with pytest.raises(InputError, match="engagement_from"):
        store(first_month="2026-01", seen_orders=SALES, engagement_from=mark)


def test_the_farthest_mark_is_taken():
    store(first_month="2026-01", seen_orders=[1.0] * MOST_HISTORY, engagement_from="2036-01")
    with pytest.raises(InputError):
        store(first_month="2026-01", seen_orders=[1.0] * MOST_HISTORY, engagement_from="2036-02")


def whole():
    return store(
        first_month="2026-01",
        engagement_from="2026-03",
        seen_orders=[10.0, None, 12.0],
        seen_gmv=[100.0, 110.0, 120.0],
        seen_goods_cost=[30.0, 33.0, 36.0],
        seen_fees_paid=[None, None, 50.0],
        by_channel=[{"channel": "ads", "seen_clicks": [5.0, 6.0, 7.0], "seen_gmv": [1.0, 2, 3]}],
        marked=[{"month": "2026-03", "event": "stock_out", "note": "ran dry"}],
    )


def test_files_and_links_hold_the_whole_series():
    made = whole()
    assert files.from_bytes(files.to_text(made).encode()) == made
    assert decode(encode(made)).scenario == made


def test_a_link_made_before_the_mark_was_there_still_knows_its_preset():
    # as the fingerprint was: over all fields but those added since
    base = preset("amazon-de-kitchen")
    plain = base.plain()
    for name in ADDED:
        del plain["history"][name]
    del plain["cash"]  # no scenario had payment terms then (ADR 0068)
    del plain["shown_in"]  # nor a currency in which its results are shown (ADR 0072)
    for name in UNPRICED:  # nor orders that answer to the price (ADR 0077)
        del plain["conversion"][name]
    del plain["budget"]  # nor a question about the ad budget (ADR 0075)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    assert fingerprint(base, cash=False) == f"{zlib.crc32(text.encode()):08x}"
    assert fingerprint(whole()) != fingerprint(store())


QUOTES = [{"id": "a", "base": 100.0}, {"id": "b", "base": 200.0}]


@pytest.mark.parametrize(
    ("options", "signed", "found"),
    [
        ([], "", None),
        (QUOTES[:1], "", "a"),  # one quote alone is the one
        (QUOTES, "", None),  # two: it must be said
        (QUOTES, "b", "b"),
        (QUOTES, "gone", None),  # never another one in its place
        (QUOTES[:1], "gone", None),
        ([{"id": "flat_fee", "kind": "flat_fee"}, *QUOTES[:1]], "", "a"),
        ([{"id": "flat_fee", "kind": "flat_fee"}, *QUOTES[:1]], "flat_fee", "flat_fee"),
        ([{"id": "own_team", "kind": "own_team"}], "own_team", None),  # nobody to sign with
    ],
)
def test_the_signed_contract_is_the_one_that_was_named(options, signed, found):
    made = preset("amazon-de-kitchen").replace({"options": options, "history.signed": signed})
    one = made.signed_option()
    assert (one and one.id) == found
    assert decode(encode(made)).scenario.history.signed == signed


@pytest.mark.parametrize(
    ("left", "signed"),
    [
        (["a", "b"], "a"),  # one more begun
        (["a", "a_2"], "a"),  # copied
        (["b"], "a"),  # another in its place
        ([], "a"),  # removed
        (["a"], ""),  # the same one: nothing to say
    ],
)
def test_the_only_quote_is_named_as_signed_before_the_quotes_change(left, signed):
    made = whole().replace({"options": [{"id": "a"}], "history.signed": ""})
    assert made.history.engaged()
    changes = made.signed_stays({"options": [{"id": name} for name in left]})
    after = made.replace(changes)
    assert after.history.signed == signed
    assert (after.signed_option() and after.signed_option().id) == ("a" if "a" in left else None)
    before = made.replace({"history.engagement_from": ""})  # nothing begun: nothing signed
    assert "history.signed" not in before.signed_stays({"options": []})


def test_a_new_quote_never_gets_the_id_of_a_signed_one_that_was_removed():
    gone = preset("amazon-de-kitchen").replace({"history.signed": "quote", "options": []})
    assert gone.fresh_option() == "quote_2"
    assert gone.billed_option() is None


def test_another_currency_converts_every_amount_of_the_series_and_no_count():
    dollars = in_currency(whole(), "currency", "USD", 1.1).history
    assert dollars.seen_gmv == pytest.approx([110, 121, 132])
    assert dollars.seen_goods_cost == pytest.approx([33, 36.3, 39.6])
    assert dollars.seen_fees_paid[2] == pytest.approx(55)
    assert dollars.seen_orders == [10, None, 12]
    assert dollars.by_channel[0].seen_gmv == pytest.approx([1.1, 2.2, 3.3])
    assert dollars.by_channel[0].seen_clicks == [5, 6, 7]


def read(text):
    return history(read_table(text.encode(), "x.csv"), beside_others=True)


def test_actuals_join_what_is_there_and_the_file_counts():
    had = store(first_month="2026-01", seen_orders=[10.0, 11.0], seen_visits=[500.0, None])
    new = read("month,orders,refunds\n2026-02,12,3\n2026-04,14,4\n")
    made = with_actuals(had, new, "2026-02", {"ads": read("month,clicks\n2026-04,9\n")}).history
    assert made.names() == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert made.seen_orders == [10, 12, None, 14]  # the file's 12 in place of 11
    assert made.seen_visits == [500, None, None, None]
    assert made.seen_refunds == [None, 3, None, 4]
    assert made.by_channel[0].seen_clicks == [None, None, None, 9]
    assert made.engagement_from == "2026-02"


def test_of_a_month_that_a_file_covers_in_part_nothing_is_billed():
    # 10 orders of ten days are no month: taken as one, a fee per month or a KPI would hang on them
    had = store(first_month="2026-01", seen_orders=[300.0], engagement_from="2026-02")
    days = "".join(f"2026-02-{day:02d},10\n" for day in range(1, 29))
    some = "".join(f"2026-03-{day:02d},10\n" for day in range(1, 11))
    made = with_actuals(had, read(f"day,orders\n{days}{some}")).history
    assert made.names() == ["2026-01", "2026-02"] and made.seen_orders == [300, 280]
    assert with_actuals(had, read("month,orders\n2026-02,5\n2026-03,2\n"), without=["2026-03"])
    with pytest.raises(InputError, match="history"):
        with_actuals(had, read(f"day,orders\n{some}"))


def test_a_month_left_out_as_incomplete_is_used_when_it_is_told_whole():
    had = store(
        first_month="2026-01", seen_orders=[300.0, 90.0], left_out=["2026-01", "2026-02"]
    )  # January as odd, February because it had only begun
    made = with_actuals(had, read("month,orders\n2026-01,300\n2026-02,310\n"), "2026-03").history
    assert made.left_out == ["2026-01"]


def test_a_history_read_beside_the_kpis_keeps_what_came_since_the_mark():
    # the file knows three months before; what the agency did, and the channels, stay
    file = read("month,gmv\n2025-11,90\n2025-12,95\n2026-01,101\n")
    made = with_months(whole(), file)
    assert made.history.names()[0] == "2025-11" and made.history.names()[-1] == "2026-03"
    assert made.history.seen_gmv == [90, 95, 101, 110, 120]
    assert made.history.by_channel[0].seen_clicks == [None, None, 5, 6, 7]
    assert made.history.engaged() == ["2026-03"]
    assert baseline_month(made, "gmv") == pytest.approx((95 + 101 + 110) / 3)  # never March's 120


def test_the_template_fills_every_figure():
    made = with_actuals(store(), read(TEMPLATE), "2026-02").history
    assert set(made.figures()) == {
        name.removeprefix("seen_") for name in StoreHistory.model_fields if name.startswith("seen_")
    }


def test_without_history_nothing_of_the_series_is_left():
    assert without_history(whole()).history == StoreHistory()


def test_lists_of_other_lengths_are_refused_also_those_of_a_channel():
    with pytest.raises(InputError):
        store(
            first_month="2026-01",
            seen_orders=[1.0, 2.0],
            by_channel=[{"channel": "ads", "seen_clicks": [5.0]}],
        )
