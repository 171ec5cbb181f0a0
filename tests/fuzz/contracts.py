"""Stores with a contract at hand: clauses that fit together or contradict each other, months since
the signature, at the edges of terms, tiers, instalments, limits and windows; and all that the
product says of them: verdict, contract check, bill, settlement, renewal, cash.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.otherwise import otherwise
from funnel_sim.decisions.review.quarrels import quarrels
from funnel_sim.decisions.review.settlement import disputed, settled
from funnel_sim.output.documents.term_sheet import term_sheet_docx, term_sheet_markdown
from funnel_sim.output.json.contract_check import contract_check_json
from funnel_sim.output.json.review import bill_json, dispute_json, settlement_json
from funnel_sim.output.words.bill_workings import bill_workings
from funnel_sim.output.words.contract_check import to_markdown
from funnel_sim.output.words.dispute import dispute_sentence
from funnel_sim.output.words.review_bill import bill_sentences
from funnel_sim.output.words.settlement import owed_sentence, working_sentences
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.files import MODEL_VERSION, from_bytes
from funnel_sim.scenario.paths import LISTS
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import StoreHistory, month_name, month_number
from funnel_sim.words import LANGS
from tests.fuzz import scenarios
from tests.fuzz.luck import Luck
from tests.fuzz.spoken import said
from tests.fuzz.steps import Steps, WrongError, dumped, shown

_AMOUNTS = (0.0, 0.01, 0.005, 1.0, 99.99, 500.0, 1234.565, 1e6, 1e12, 1e-6)
_RATES = (0.0, 1e-6, 0.05, 0.15, 0.333333333, 0.999999, 1.0)


def _contract(luck: Luck, kpis: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a quote with many clauses of its own, mostly such as may be signed."""
    known = [one["id"] for one in kpis]
    term = luck.one((1, 2, 3, 6, 12, 12, 24, 36))
    base = luck.one(_AMOUNTS)
    out: dict[str, Any] = {
        "id": "quote",
        "kind": "quote",
        "name": luck.one(("Agency", "服务商", "")),
        "term": term,
        "base": base,
        "claimed": luck.one((0.0, 0.1, 0.4, 3.0, -0.2)),
        "fee_currency": luck.one(("cost", "sales")),
    }

    def some(odds: float = 0.35, **fields: Any) -> None:
        if luck.odds(odds):
            out.update(fields)

    some(setup=luck.one(_AMOUNTS), due_setup_days=luck.one((0, 30, 365)))
    some(trial=luck.randint(0, term), trial_base=luck.one((None, 0.0, base)))
    some(trial_exit=luck.odds(0.5), notice=luck.one((0, 1, 3, 12, term)))
    some(renewal=luck.one(("ends", "automatic", "open")), renewal_months=luck.one((1, 12, 36)))
    some(exit_fixed=luck.one(_AMOUNTS), exit_months=luck.one((0.0, 0.5, 3.0, 36.0)))
    some(exit_share=luck.one(_RATES))
    some(0.6, **_share(luck))
    some(spend_rate=luck.one(_RATES), ads_through=luck.odds(0.5))
    some(order_fee=luck.one(_AMOUNTS), passed_on=luck.one(_AMOUNTS))
    some(rebate_rate=luck.one(_RATES), rebate_to_client=luck.one(_RATES))
    low, high = sorted((luck.one(_AMOUNTS), luck.one(_AMOUNTS)))
    some(floor=luck.one((None, low)), cap=luck.one((None, high)))
    some(total_cap=luck.one(_AMOUNTS))
    some(fee_tax=luck.one(_RATES))
    some(instalments=[_instalment(luck, known) for _ in range(luck.randint(1, 4))])
    some(extras=[_extra(luck) for _ in range(luck.randint(1, 3))])
    some(
        due_base=luck.one(("unsaid", "advance", "arrears")),
        due_every=luck.one((1, 3, 12)),
        due_base_days=luck.one((0, 15, 365)),
        due_results_days=luck.one((0, 30, 365)),
        deposit=luck.one(_AMOUNTS),
        deposit_days=luck.one((0, 365)),
        due_refund_days=luck.one((0, 90)),
    )
    if known:
        some(0.6, rewards=[_reward(luck, known) for _ in range(luck.randint(1, 3))])
        some(
            0.6,
            decided_by=luck.one(known) if luck.odds(0.3) else known[0],
            stop_loss=luck.odds(0.7),
            stop_share=luck.one((0.5, 0.8, 1.0, 2.0)),
            stop_months=luck.one((1, 2, 12)),
            stop_from=luck.one((1, 3, 36)),
            patience=luck.one((None, 1, 6)),
        )
    some(penalty_limited=luck.odds(0.5))
    return out


def _share(luck: Luck) -> dict[str, Any]:
    ends = sorted(
        {luck.one((1.0, 100.0, 1e4, luck.wide(1, 1e6))) for _ in range(luck.randint(0, 3))}
    )
    return {
        "share_tiers": [{"upto": end, "rate": luck.one(_RATES)} for end in [*ends, None]],
        "share_basis": luck.one(("gmv", "sales", "net_revenue", "ad_sales", "cm3")),
        "share_mode": luck.one(("marginal", "whole")),
        "share_bound": luck.one(("upto", "from")),
        "share_period": luck.one(("month", "running")),
        "share_over": luck.one(("all", "baseline")),
        "baseline": luck.one((None, 0.0, 10_000.0, 1e12)),
        "baseline_season": luck.odds(0.3),
        "clawback": luck.odds(0.5),
    }  # fmt: skip


def _instalment(luck: Luck, kpis: list[str]) -> dict[str, Any]:
    kpi = luck.one(kpis) if kpis and luck.odds(0.5) else ""
    return {
        "amount": luck.one(_AMOUNTS),
        "kpi": kpi,
        "month": None if kpi else luck.one((1, 2, 12, 36)),
    }


def _reward(luck: Luck, kpis: list[str]) -> dict[str, Any]:
    form = luck.one(("fixed", "base", "sales", "excess" if luck.odds(0.3) else "fixed"))
    return {
        "kpi": luck.one(kpis) if luck.odds(0.2) else kpis[0],
        "kind": luck.one(("bonus", "penalty")),
        "form": form,
        "amount": luck.one(_AMOUNTS if form == "fixed" else _RATES),
        "bound": luck.one(("from", "above")),
        "each": luck.one(("month", "window")),
    }


def _extra(luck: Luck) -> dict[str, Any]:
    every = luck.one(("once", "month", "year", "event"))
    out = {"name": luck.one(("System", "申诉", "")), "amount": luck.one(_AMOUNTS), "every": every}
    return out | ({"chance": luck.one(_RATES)} if every == "event" else {})


def months_of(luck: Luck) -> dict[str, Any]:
    """Return the months of a store with a mark, some of them missing, zero, or contradicting each
    other.
    """
    before, since = luck.one((0, 1, 3, 12, 24)), luck.one((0, 1, 2, 3, 6, 12, 30))
    count = max(1, before + since)
    first = month_number(luck.one(("2025-01", "2025-03", "2025-12")))
    level = luck.wide(100, 1e6)

    def series(size: float, gaps: float = 0.08) -> list[float | None]:
        return [
            None
            if luck.odds(gaps)
            else luck.one((0.0, 1e-6, 1e12))
            if luck.odds(0.01)
            else round(size * luck.uniform(0.6, 1.5), luck.one((0, 2)))
            for _ in range(count)
        ]

    usual = {
        "seen_gmv": 1.0,
        "seen_orders": 0.03,
        "seen_ad_spend": 0.1,
        "seen_ad_sales": 0.4,
        "seen_refunds": 0.05,
        "seen_visits": 0.4,
        "seen_refunded_later": 0.01,
        "seen_fees_paid": 0.05,
    }
    out: dict[str, Any] = {"history.first_month": month_name(first)}
    if since and luck.odds(0.9):
        out["history.engagement_from"] = month_name(first + before)
    out["history.seen_gmv"] = series(level, 0.03)
    for field in sorted(one for one in StoreHistory.model_fields if one.startswith("seen_")):
        odds = 0.7 if field in usual else 0.15
        if f"history.{field}" not in out and luck.odds(odds):
            gaps = 0.9 if field == "seen_refunded_later" else 0.08
            out[f"history.{field}"] = series(level * usual.get(field, 0.05), gaps)
    if luck.odds(0.5):
        out["history.signed"] = "quote"
    return out


def _kpis(luck: Luck) -> list[dict[str, Any]]:
    found = [one for one in scenarios._kpis(luck) if luck.odds(0.8)]
    usual = {
        "id": "g",
        "metric": luck.one(("gmv", "gmv", "acos", "roas", "orders")),
        "target": luck.one((0.22, 3.0, 10_000.0)),
        "window": luck.one(("month", "average", "total", "every", "by")),
        "month_to": luck.one((1, 3, 6, 12)),
    }
    return [usual, *found[:2]] if luck.odds(0.9) else []


def make(luck: Luck) -> bytes:
    """Return a scenario file with a contract: two in three are meant to be accepted."""
    plain = preset("amazon-de-kitchen" if luck.odds(0.4) else luck.one(preset_cards()).id).plain()
    kpis = _kpis(luck)
    plain["kpis"] = kpis
    plain["options"] = [
        _contract(luck, kpis) | ({"id": f"quote{number}"} if number else {})
        for number in range(luck.one((1, 1, 1, 2, 5)))
    ]
    plain.setdefault("chance", {})["paths"] = 256
    if luck.odds(0.7):
        for path, value in months_of(luck).items():
            scenarios._place(plain, path, value)
    if luck.odds(0.35):
        for _ in range(luck.one((1, 1, 2, 4))):
            _spoil(luck, plain)
    content = scenarios._swollen(
        json.dumps({"funnel_sim": 1, "model": MODEL_VERSION, "scenario": plain})
    ).encode()
    return luck.damaged(content) if luck.odds(0.02) else content


def _spoil(luck: Luck, plain: dict[str, Any]) -> None:
    """Give one field of a contract, or of one of its rows, a value that it may or may not take."""
    option = luck.one(plain["options"])
    rows = [
        (row, name)
        for name in ("share_tiers", "rewards", "instalments", "extras")
        for row in (option.get(name) if isinstance(option.get(name), list) else ())
        if isinstance(row, dict)
    ]
    if rows and luck.odds(0.3):
        row = luck.one(rows)[0]
        row[luck.one(tuple(row))] = luck.hostile()
        return
    name = luck.one(tuple(scenarios._fields(LISTS["options"])))
    kind, spec, _ = scenarios._fields(LISTS["options"])[name]
    option[name] = luck.hostile() if luck.odds(0.4) else scenarios._sound(luck, kind, spec)


# ---- and all that is said of one
# ----------------------------------------------------------------------------

_SAID: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("quote", 0.1, ("--paths", "256", "--lang", "zh")),
    ("quote", 0.06, ("--paths", "256", "--json")),
    ("quote", 0.04, ("--paths", "256", "--counter")),
    ("quote", 0.02, ("--paths", "256", "--counter", "--json")),
    ("quote", 0.06, ("--paths", "256", "--ours", "--lang", "zh")),
    ("quote", 0.03, ("--paths", "256", "--ours", "--json")),
    ("cash", 0.06, ("--paths", "256")),
    ("cash", 0.04, ("--paths", "256", "--json")),
    ("review", 0.1, ("--paths", "256", "--lang", "zh")),
    ("review", 0.05, ("--paths", "256", "--json")),
    ("renew", 0.1, ("--paths", "256")),
    ("renew", 0.05, ("--paths", "256", "--json")),
    ("providers", 0.05, ()),
    ("kpi", 0.05, ("--paths", "256", "--json")),
)


def go(content: bytes, steps: Steps) -> None:
    """Put a scenario with a contract through what the product does with contracts."""
    scenario = steps.take("read", lambda: from_bytes(content, "fuzz.json"))
    if scenario is None:
        return
    steps.accepted = True
    for option in scenario.options[:2]:
        for name, odds, work in _of(scenario, option):
            steps.take(name, work, odds)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fuzz.json"
        file.write_bytes(content)
        for name, odds, more in _SAID:
            label = " ".join((name, *(one for one in more if one.startswith("--"))))
            steps.take(label, lambda name=name, more=more: said([name, str(file), *more]), odds)


def _of(scenario: Scenario, option: Option) -> Iterator[tuple[str, float, Callable[[], Any]]]:
    yield "bill", 1.0, lambda: _billed(scenario, option)
    yield "contract check", 0.3, lambda: _checked(scenario, option)
    yield (
        "term sheet",
        0.2,
        lambda: [
            shown(term_sheet_markdown(scenario, option, lang), "term sheet") for lang in LANGS
        ],
    )
    yield "term sheet docx", 0.03, lambda: term_sheet_docx(scenario, option, "zh")


def _checked(scenario: Scenario, option: Option) -> None:
    found = check_contract(scenario, option.id)
    dumped(contract_check_json(found), "contract check")
    for lang in LANGS:
        shown(to_markdown(found, lang), "contract check")


def _billed(scenario: Scenario, option: Option) -> None:
    """Bill the months that there are; what is owed is the sum of what is shown, to the cent."""
    found = bill_of(scenario, option)
    others = otherwise(scenario, found)
    whole = settled(found)
    _adds_up(found)
    every = (*others, *quarrels(scenario, found))
    dispute = disputed(whole, (found.total or Decimal(0)) + 1, every)
    for lang in LANGS:
        for one in (
            *bill_sentences(found, others, scenario, lang),
            *working_sentences(whole, scenario, lang),
            owed_sentence(whole, scenario, lang),
            *([] if dispute is None else [dispute_sentence(dispute, found, lang)]),
        ):
            shown(one, "bill")
    dumped(bill_json(found, others, bill_workings(found, scenario, "en")), "bill")
    dumped(settlement_json(whole), "settlement")
    dumped(dispute_json(dispute), "dispute")


def _adds_up(found: Bill) -> None:
    dues = [found.due(month) for month in range(1, len(found.months) + 1)]
    if None not in dues and found.total != sum(one for one in dues if one is not None):
        raise WrongError("the months do not add up to the total")
    for month, running in enumerate(found.running, 1):
        owed = found.due(month)
        if running and owed is None and not found.lacks:
            raise WrongError("a month is open, and nothing lacks")
