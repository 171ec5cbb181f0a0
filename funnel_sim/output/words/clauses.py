"""A contract in words: every clause with its numbers, one sentence of the contract each, and the
protective clauses that it has not.

What each clause means to the month: docs/contracts.md. Numbers stand with all their digits; what
was worked out stands as it was agreed (decisions/quote/worked_examples.py).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from funnel_sim.chance.history import sales_figure
from funnel_sim.decisions.kpi.measured import basis_of
from funnel_sim.decisions.quote.worked_examples import agreed, named_kpis, share_baseline
from funnel_sim.model.wanted import leading_to
from funnel_sim.output.words import formats
from funnel_sim.output.words.clause_kpis import (
    is_by_month,
    kpi_short,
    kpi_value,
    month_value,
    span_text,
)
from funnel_sim.output.words.kpi import metric_name
from funnel_sim.output.words.kpi_contract import kpi_sentence
from funnel_sim.output.words.shares import share_text, threshold
from funnel_sim.scenario.kpi_metrics import OPERATIONAL
from funnel_sim.scenario.quote_fees import SHARE_BASIS_WORDS
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

LASTING: tuple[str, ...] = (
    "term",
    "trial",
    "trial_exit",
    "miss",
    "stop",
    "notice",
    "exit",
    "renewal",
)
"""Clauses on how long it lasts; all others are on what is paid.

A key may have a number after a dot ("bonus.1").
"""
_ALREADY_AFTER_REFUNDS = ("net_revenue", "cm3")


@dataclass(frozen=True)
class Clause:
    """One clause: its key, its title, and its text."""

    key: str
    title: str
    text: str

    @property
    def lasts(self) -> bool:
        """Whether it says how long the engagement lasts."""
        return self.key.partition(".")[0] in LASTING


def clauses(scenario: Scenario, option: Option, lang: Lang) -> list[Clause]:
    """Return every clause that a contract has, as exact sentences with its numbers and currency;
    what the simulation takes for granted about it is no clause (`assumptions`).

    >>> from funnel_sim.scenario.presets import preset
    >>> [one.key for one in clauses(preset("amazon-de-kitchen"), Option(id="a", base=1000.0), "en")]
    ['currency', 'base', 'term', 'notice', 'exit', 'renewal']
    """
    return [
        Clause(key, title, _joined(text, lang))
        for key, title, text in _Contract(scenario, option, lang).all()
    ]


def assumptions(scenario: Scenario, option: Option, lang: Lang) -> list[Clause]:
    """Return what the figures take for granted where a clause leaves it to somebody: by the key and
    the title of that clause.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
        lang: language of the words.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> [one.text for one in assumptions(store, Option(id="a", base=1000.0), "en")]
    ['The figures assume that they do each time.']
    """
    return [
        Clause(key, title, text) for key, title, text in _Contract(scenario, option, lang).assumed()
    ]


def _joined(text: str, lang: Lang) -> str:
    """Return sentences set one after the other as the language does: Chinese has no space after its
    own punctuation.
    """
    return text.strip() if lang == "en" else re.sub(r"(?<=[。）；，：]) ", "", text.strip())


def missing(scenario: Scenario, option: Option, lang: Lang) -> list[Clause]:
    """Return the protective clauses that a contract has not, one short line each."""
    varies = bool(
        option.share_tiers
        or option.spend_rate
        or option.order_fee
        or any(one.kind == "bonus" for one in option.rewards)
    )
    basis_may_hold_refunds = (
        bool(option.share_tiers) and option.share_basis not in _ALREADY_AFTER_REFUNDS
    )
    lacks = {
        "kpi": not option.decided_by,
        "stop": not option.stop_loss,
        "trial": not option.trial,
        "trial_exit": bool(option.trial) and not (option.trial_exit and option.decided_by),
        "cap": varies and option.cap is None and option.total_cap is None,
        "baseline": bool(option.share_tiers) and option.share_over == "all",
        "season": (
            bool(option.share_tiers)
            and option.share_over == "baseline"
            and not option.baseline_season
            and len(set(scenario.plan.season)) > 1
        ),
        "clawback": basis_may_hold_refunds and not option.clawback,
        "rebate": option.ads_through and not option.rebate_rate,
        "penalty": not any(one.kind == "penalty" for one in option.rewards),
        "limit": (
            any(one.kind == "penalty" for one in option.rewards) and not option.penalty_limited
        ),
    }
    share = share_text(scenario, option, lang)
    lacks["baseline"] = lacks["baseline"] and bool(share)
    words = {key: key for key in lacks} | (
        {"baseline": "baseline_threshold"} if threshold(option) is not None else {}
    )
    return [
        Clause(key, say(lang, f"clause.m_{key}"), say(lang, f"clause.no_{words[key]}", share=share))
        for key, lacking in lacks.items()
        if lacking
    ]


def kpi_definitions(scenario: Scenario, option: Option, lang: Lang) -> list[Clause]:
    """Return the definition of every KPI that a contract names: formula, what counts, window,
    target, baseline, source of data.
    """
    out = []
    for number, kpi in enumerate(named_kpis(scenario, option), 1):
        found = agreed(scenario, kpi)
        base = (
            ""
            if found.baseline is None
            else kpi_value(found.baseline.value, kpi.metric, scenario, lang)
        )
        text = kpi_sentence(
            kpi,
            kpi_value(found.target, kpi.metric, scenario, lang),
            found.baseline,
            base,
            scenario,
            lang,
            single=is_by_month(scenario, option, kpi),
        )
        if not math.isclose(found.month, found.target):
            text += " " + say(
                lang, "clause.month_target", target=month_value(kpi, found, scenario, lang)
            )
            text += " " + say(lang, "clause.month_baseline") if kpi.relative else ""
        if kpi.metric not in OPERATIONAL and not leading_to(
            frozenset({basis_of(scenario, kpi).key(kpi.metric)})
        ).isdisjoint({"profit", "operator_fee"}):
            text += " " + say(lang, "clause.fee_counts")
        out.append(
            Clause(
                f"kpi.{number}",
                say(lang, "clause.kpi_title", number=number, metric=metric_name(kpi.metric, lang)),
                _joined(text, lang),
            )
        )
    return out


def counted_words(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return what a share counts in words, and whether refunds are taken off."""
    words = basis_words(scenario, option, lang)
    if option.share_basis in _ALREADY_AFTER_REFUNDS:
        return words
    key = "after" if option.clawback else "before"
    return say(lang, f"clause.{key}_refunds", basis=words)


def basis_words(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return the name of what is shared, as it is counted in this store."""
    if option.share_basis == "gmv":
        inside = sales_figure(scenario) == "gmv"
        return say(lang, f"clause.basis_gmv_{'inside' if inside else 'outside'}")
    return SHARE_BASIS_WORDS[option.share_basis].of(lang)


# ---- the clauses
# -------------------------------------------------------------------------------------------


class _Contract:
    """One contract while it is put into words."""

    def __init__(self, scenario: Scenario, option: Option, lang: Lang):
        self.scenario, self.option, self.lang = scenario, option, lang
        self.code = option.currency(scenario)
        self.by_id = {kpi.id: kpi for kpi in scenario.kpis}
        self.decides = self.by_id.get(option.decided_by)

    def pay(self, amount: float) -> str:
        return formats.exact_money(amount, self.code, self.lang)

    def sale(self, amount: float) -> str:
        return formats.exact_money(amount, self.scenario.currency, self.lang)

    def say(self, key: str, **parts: object) -> str:
        return say(self.lang, f"clause.{key}", **parts)

    def clause(self, key: str, text: str, title: str = "", **parts: object) -> tuple[str, str, str]:
        return key, self.say(f"t_{title or key.partition('.')[0]}", **parts), text

    def kpi(self, name: str) -> str:
        return kpi_short(self.scenario, self.option, self.by_id[name], self.lang)

    def all(self) -> Iterator[tuple[str, str, str]]:
        """Yield every clause: what is paid, then how long it lasts."""
        yield from self.fees()
        yield from self.kpi_fees()
        yield from self.other_fees()
        yield from self.lasting()

    def fees(self) -> Iterator[tuple[str, str, str]]:
        option = self.option
        one = self.code == self.scenario.currency
        names = {
            name: f"{code} ({formats.currency_name(code, self.lang)})"
            for name, code in (("fee", self.code), ("sales", self.scenario.currency))
        }
        yield self.clause(
            "currency",
            (
                self.say("currency_one", fee=names["fee"])
                if one
                else self.say("currency_two", **names)
            ),
        )
        if option.setup:
            yield self.clause("setup", self.say("setup", amount=self.pay(option.setup)))
        if option.base or option.trial_base:
            yield self.clause(
                "base", self.say("base", amount=self.pay(option.base)) + self.trial_base()
            )
        if option.share_tiers:
            yield from self.share()
        if option.spend_rate:
            yield self.clause(
                "spend", self.say("spend", rate=formats.exact_percent(option.spend_rate))
            )
        if option.order_fee:
            yield self.clause("orders", self.say("orders", amount=self.pay(option.order_fee)))
        if option.floor is not None:
            text = self.say("floor", amount=self.pay(option.floor))
            yield self.clause(
                "floor",
                text
                + (
                    " " + self.say("floor_trial", span=span_text(1, option.trial, self.lang))
                    if option.trial
                    else ""
                ),
            )
        if option.cap is not None:
            yield self.clause("cap", self.say("cap", amount=self.pay(option.cap)))

    def trial_base(self) -> str:
        option = self.option
        if not option.trial or option.trial_base is None:
            return ""
        return " " + self.say(
            "base_trial",
            span=span_text(1, option.trial, self.lang),
            amount=self.pay(option.trial_base),
        )

    def share(self) -> Iterator[tuple[str, str, str]]:
        option = self.option
        basis = basis_words(self.scenario, option, self.lang)
        over = option.share_over == "baseline"
        counted = self.say("counted_over" if over else "counted_all", basis=basis)
        lower = None
        tiers = []
        reaches = "_from" if option.share_bound == "from" else ""
        for tier in option.share_tiers:
            rate = formats.exact_percent(tier.rate)
            if tier.upto is None:
                tiers.append(
                    self.say("tier_all", rate=rate)
                    if lower is None
                    else self.say(f"tier_above{reaches}", rate=rate, lower=self.sale(lower))
                )
            elif lower is None:
                tiers.append(
                    self.say(f"tier_first{reaches}", rate=rate, upper=self.sale(tier.upto))
                )
            else:
                tiers.append(
                    self.say(
                        f"tier_next{reaches}",
                        rate=rate,
                        lower=self.sale(lower),
                        upper=self.sale(tier.upto),
                    )
                )
            lower = tier.upto
        text = self.say("share", counted=counted, tiers=say(self.lang, "kpi.semicolon").join(tiers))
        if len(option.share_tiers) > 1:
            text += " " + self.say(f"share_{option.share_mode}")
        text += " " + self.say(f"share_{option.share_period}")
        if option.share_basis == "cm3":
            text += " " + self.say(f"cm3_{option.share_period}" if not over else "cm3_over")
        yield self.clause("share", text)
        if over:
            yield self.clause("baseline", self.share_baseline())
        if option.share_basis in _ALREADY_AFTER_REFUNDS:
            yield self.clause("clawback", self.say("refunds_already"))
        else:
            yield self.clause(
                "clawback", self.say("clawback" if option.clawback else "refunds_stay")
            )

    def share_baseline(self) -> str:
        option, scenario, lang = self.option, self.scenario, self.lang
        value = share_baseline(scenario, option)
        text = self.say("baseline", amount=self.sale(value)) + " " + self.say("baseline_below")
        text += " " + (
            self.say("baseline_typed")
            if option.baseline is not None
            else self.say("baseline_derived", counted=counted_words(scenario, option, lang))
        )
        if not option.baseline_season:
            return text + " " + self.say("baseline_flat")
        months = [
            self.say(
                "baseline_month",
                month=formats.month_name(n + 1, lang),
                index=formats.exact(index),
                amount=formats.money(value * index, scenario.currency, lang),
            )
            for n, index in enumerate(scenario.plan.season)
        ]
        listed = say(lang, "kpi.semicolon").join(months)
        return (
            text
            + " "
            + self.say(
                "baseline_season",
                months=listed,
                first=formats.month_name(scenario.plan.start_month, lang),
            )
        )

    def kpi_fees(self) -> Iterator[tuple[str, str, str]]:
        count = {"bonus": 0, "penalty": 0}
        for kind in ("bonus", "penalty"):
            for reward in self.option.rewards:
                if reward.kind == kind:
                    count[kind] += 1
                    yield self.clause(
                        f"{kind}.{count[kind]}", self.reward(reward), number=count[kind]
                    )
        if count["penalty"]:
            yield self.clause(
                "limit", self.say("limited" if self.option.penalty_limited else "unlimited")
            )

    def reward(self, reward: Reward) -> str:
        kpi = self.by_id[reward.kpi]
        found = agreed(self.scenario, kpi)
        first, last = (kpi.months[1],) * 2 if kpi.window == "by" else kpi.months
        parts = {
            "amount": self.pay(reward.amount),
            "rate": formats.exact_percent(reward.amount),
            "basis": basis_words(self.scenario, self.option, self.lang),
            "metric": metric_name(kpi.metric, self.lang),
            "target": month_value(kpi, found, self.scenario, self.lang),
            "span": span_text(first, last, self.lang),
            "last": last,
            "kpi": self.kpi(reward.kpi),
        }
        form: str = reward.form
        if form == "excess":
            form = (
                "none"
                if kpi.comparator == "at_most"
                else "excess"
                if reward.kind == "bonus"
                else "shortfall"
            )
        apart = form == "shortfall" and reward.each != "month" and kpi.window == "every"
        each = "every" if apart else reward.each
        what = self.say(
            f"what_{form}" if form in ("fixed", "none") else f"what_{form}_{each}", **parts
        )
        text = self.say(f"{reward.kind}_{reward.each}", what=what, **parts)
        return text if reward.bound == "from" else f"{text} {self.say(f'beyond_{kpi.comparator}')}"

    def other_fees(self) -> Iterator[tuple[str, str, str]]:
        option = self.option
        for number, part in enumerate(option.instalments, 1):
            if part.month is not None:
                text = self.say("instalment_month", amount=self.pay(part.amount), month=part.month)
            else:
                kpi = self.by_id[part.kpi]
                key = "instalment_by" if kpi.window == "by" else "instalment_kpi"
                text = self.say(
                    key, amount=self.pay(part.amount), kpi=self.kpi(part.kpi), month=kpi.months[1]
                )
            yield self.clause(f"instalment.{number}", text, number=number)
        if option.passed_on:
            yield self.clause("passed_on", self.say("passed_on", amount=self.pay(option.passed_on)))
        if option.ads_through or option.rebate_rate:
            yield self.clause("rebate", self.rebate())
        for number, extra in enumerate(option.extras, 1):
            text = self.say(
                f"extra_{extra.every}",
                amount=self.pay(extra.amount),
            )
            yield self.clause(
                f"extra.{number}", text, name=extra.name or self.say("extra_unnamed", number=number)
            )
        if option.total_cap is not None:
            yield self.clause("total_cap", self.say("total_cap", amount=self.pay(option.total_cap)))
        if option.fee_tax:
            yield self.clause("tax", self.say("tax", rate=formats.exact_percent(option.fee_tax)))
        yield from self.payment()

    def payment(self) -> Iterator[tuple[str, str, str]]:
        """Yield on which days it is paid, where the contract says so, and the deposit."""
        option = self.option
        parts = []
        if option.due_base != "unsaid" and (option.base or option.trial_base):
            each = (
                self.say("pay_each_month")
                if option.due_every == 1
                else self.say("pay_each", months=option.due_every)
            )
            parts.append(self.on_day(f"pay_{option.due_base}", option.due_base_days, each=each))
            if option.due_base == "advance" and option.due_every > 1:
                parts.append(self.on_day("pay_refund", option.due_refund_days))
        if option.setup and option.due_setup_days:
            parts.append(self.say("pay_setup", days=option.due_setup_days))
        if option.due_results_days:
            parts.append(self.say("pay_results", days=option.due_results_days))
        if parts:
            yield self.clause("payment", " ".join(parts))
        if option.deposit:
            yield self.clause(
                "deposit",
                self.on_day("deposit", option.deposit_days, amount=self.pay(option.deposit)),
            )

    def on_day(self, key: str, days: int, **parts: object) -> str:
        """Return a sentence with its days, or the one for the very day."""
        return self.say(key, days=days, **parts) if days else self.say(f"{key}_0", **parts)

    def rebate(self) -> str:
        option = self.option
        parts = [self.say("ads_through")] if option.ads_through else []
        if not option.rebate_rate:
            return " ".join([*parts, self.say("rebate_unnamed")])
        rate, passed = option.rebate_rate, option.rebate_to_client
        parts.append(self.say("rebate", rate=formats.exact_percent(rate)))
        if not passed:
            parts.append(self.say("rebate_kept"))
        else:
            key = "rebate_passed" if passed == 1 else "rebate_shared"
            parts.append(
                self.say(key, share=formats.exact_percent(passed), rate=formats.exact_percent(rate))
            )
            parts.append(self.say("rebate_outside"))
        return " ".join(parts)

    def lasting(self) -> Iterator[tuple[str, str, str]]:
        option = self.option
        yield self.clause("term", self.say("term", months=option.term))
        if option.trial:
            yield self.clause(
                "trial", self.say("trial", span=span_text(1, option.trial, self.lang))
            )
            if option.trial_exit:
                yield self.clause(
                    "trial_exit",
                    self.say("trial_exit", month=option.trial),
                )
        if self.decides:
            found = agreed(self.scenario, self.decides)
            key = "miss" if found.month > 0 else "miss_plain"
            shown = self.kpi(option.decided_by)
            yield self.clause(
                "miss",
                self.say(
                    key,
                    kpi=shown,
                    share=formats.exact_percent(option.misses_below),
                    target=month_value(self.decides, found, self.scenario, self.lang),
                    attained=self.say(f"attained_{self.decides.comparator}"),
                ),
            )
        if option.stop_loss:
            text = self.say(
                "stop_one" if option.stop_months == 1 else "stop", months=option.stop_months
            )
            if option.misses_below != option.stop_share:
                text += " " + self.say("stop_share", share=formats.exact_percent(option.stop_share))
            yield self.clause("stop", text + " " + self.say("stop_from", month=option.stop_from))
        yield self.clause(
            "notice", self.say("notice" if option.notice else "notice_none", months=option.notice)
        )
        yield self.clause("exit", self.early_exit())
        yield self.clause(
            "renewal",
            self.say(
                f"renewal_{option.renewal}", months=option.renewal_months, notice=option.notice
            ),
        )

    def assumed(self) -> Iterator[tuple[str, str, str]]:
        """Yield what the simulation takes for granted, in the order of the clauses."""
        option = self.option
        for number, extra in enumerate(option.extras, 1):
            if extra.every == "event":
                name = extra.name or self.say("extra_unnamed", number=number)
                text = self.say("extra_event_assumed", chance=formats.exact_percent(extra.chance))
                yield self.clause(f"extra.{number}", text, name=name)
        if option.trial and option.trial_exit and not self.decides:
            yield self.clause("trial_exit", self.say("trial_exit_open"))
        yield self.clause(
            "renewal",
            self.say(
                f"renewal_{option.renewal}_{'kpi' if self.decides else 'open'}",
                month=max(option.term - option.notice, 1),
                term=option.term,
            ),
        )

    def early_exit(self) -> str:
        option = self.option
        parts = []
        if option.exit_fixed:
            parts.append(self.pay(option.exit_fixed))
        if option.exit_months:
            parts.append(
                self.say(
                    "exit_months",
                    months=formats.exact(option.exit_months),
                    base=self.pay(option.base),
                    amount=self.pay(option.exit_months * option.base),
                )
            )
        if option.exit_share:
            parts.append(
                self.say(
                    "exit_share",
                    rate=formats.exact_percent(option.exit_share),
                    base=self.pay(option.base),
                    amount=self.pay(option.exit_share * option.base),
                )
            )
        return (
            self.say("exit", parts=self.say("plus").join(parts)) if parts else self.say("exit_none")
        )
