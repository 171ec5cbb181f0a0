"""What one case comes to in every future, worked out block by block: its effect, its contract
month by month, and the difference to carrying on alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from funnel_sim.chance import operational
from funnel_sim.chance.streams import SamplingPlan
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.growth import UsualLevel, at_own
from funnel_sim.decisions.kpi import draws as kpi_draws
from funnel_sim.decisions.kpi.draws import is_growth
from funnel_sim.decisions.kpi.measured import key_of, target_of
from funnel_sim.decisions.quote.contract import (
    LINES,
    NOT_INCOME,
    RUNNING,
    Duration,
    Flows,
    KpiPath,
    bill,
    duration_of,
    rebate_kept,
    sum_of_lines,
)
from funnel_sim.decisions.quote.effect import Case, Drawn, faded, most_effect
from funnel_sim.decisions.quote.kpi_in_contract import kpi_path
from funnel_sim.decisions.quote.no_mean import NoMean
from funnel_sim.decisions.quote.store_alone import baseline_at, basis_key, refuse_unknown_share
from funnel_sim.decisions.quote.store_blocks import StoreBlock, StorePaths, part_of
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array, column
from funnel_sim.model.economics import book_of
from funnel_sim.model.keys import Book
from funnel_sim.model.linear import by_month
from funnel_sim.model.periods import Over
from funnel_sim.model.valued import counts_at_home, rates_at_home
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.kpi_metrics import OPERATIONAL
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Outcome:
    """One case in every future, money in the sales currency over all months of the plan, arrays of
    shape (paths,) unless said otherwise; as its owner counts it, where results are shown at home
    (`model.valued`).

    `effect` the relative change of first orders; `gain` net gain against carrying on alone,
    `by_month` the same month by month (months, paths); `brought` the profit added before fees and
    own costs; `saved` what the client's own hours saved are worth, where it says what an hour is;
    `paid` all that the contract costs, `income` what of it is the agency's and the media `rebate`
    that it keeps, `serving` what serving costs it; `own` the client's own costs; `sales` gross
    sales; `added_cm3`; `last` the last month and `why` it ended (decisions/quote/contract.py);
    `lines` the mean of each line by month, shape (months,), the median where the fee has no mean;
    `no_mean` what leaves its amounts without one.
    """

    case: Case
    plan: SamplingPlan
    effect: Array
    gain: Array
    by_month: Array
    brought: Array
    saved: Array
    paid: Array
    income: Array
    rebate: Array
    serving: Array
    own: Array
    sales: Array
    added_cm3: Array
    last: Array
    why: Array
    lines: Mapping[str, Array]
    no_mean: NoMean = NoMean()


@dataclass(frozen=True)
class Worked:
    """A block of paths of one case, for who reads its months once more.

    `values` and `book` are of the store with the option, `alone` and `alone_book` of the store
    carried on alone; `lines` the bill [currency of the contract], `life` how long it lasts, `own`
    the client's own costs by month [sales currency], shape (months, paths).
    """

    where: slice
    values: Values
    book: Book
    alone: Values
    alone_book: Book
    lines: Mapping[str, Array]
    life: Duration
    own: Array


Watch = Callable[[Worked], None]


class OptionTerms:
    """What all cases of one option share: its numbers in every path, and what its contract looks
    at.
    """

    def __init__(
        self, at: Context, option: Option, drawn: Drawn, months: int, *, both_sides: bool = True
    ):
        scenario = at.scenario
        _plausible(scenario, option)
        self.basis = basis_key(scenario, option)
        self.baseline = baseline_at(at, option) if option.share_over == "baseline" else 0.0
        named = {name for _, name in option.kpis_named()}
        self.kpis = [kpi for kpi in scenario.kpis if kpi.id in named]
        self.targets = {kpi.id: target_of(at, kpi) for kpi in self.kpis}
        self.keys = {
            kpi.id: key_of(scenario, kpi) for kpi in self.kpis if kpi.metric not in OPERATIONAL
        }
        self.needed = {
            name
            for kpi in self.kpis
            if kpi.metric in OPERATIONAL
            for name in operational.needs(kpi)
        }
        self.asked = {*self.keys.values(), *self.needed, self.basis}
        grown = {self.keys[kpi.id] for kpi in self.kpis if is_growth(kpi)}
        self.usual = {
            key: at.figure(key)
            for key in grown | ({self.basis} if option.share_over == "baseline" else set())
        }
        self.with_fee = any(
            name in leading_to(frozenset(self.keys.values())) for name in ("profit", "operator_fee")
        )
        self.ramp = drawn.number(option, "ramp")
        monthly = (
            drawn.number(option, "people")
            * drawn.number(option, "pay")
            * (1.0 + drawn.number(option, "on_cost"))
        )
        self.own_monthly = (
            monthly
            + drawn.number(option, "hours") * drawn.number(option, "hour_rate")
            + drawn.number(option, "tools_monthly")
        )
        self.own_start = drawn.number(option, "start_cost")
        self.saves = option.hour_worth is not None and option.hours_saved != 0
        self.saved = (
            0.0
            if option.hour_worth is None
            else drawn.number(option, "hours_saved") * drawn.number(option, "hour_worth")
        )
        self.serving = drawn.serving(option) if option.paid and both_sides else 0.0
        self.happened = drawn.happened(option, months)
        plan = scenario.plan
        self.season = column([plan.season_at(m + 1) for m in range(months)])
        self.half_life = alternatives.half_life(scenario, option)


class WorkedCase:
    """One case while it is worked out, block by block."""

    def __init__(
        self,
        scenario: Scenario,
        case: Case,
        drawn: Drawn,
        terms: OptionTerms,
        plan: SamplingPlan,
        months: int,
        lacks: NoMean,
        watch: Watch | None = None,
    ):
        self.scenario, self.case, self.plan, self.months, self.terms, self.lacks = (
            scenario,
            case,
            plan,
            months,
            terms,
            lacks,
        )
        self.watch = watch
        self.effect = drawn.effect(case)
        n = plan.paths
        self.kept: dict[str, Array] = {
            name: np.empty(n)
            for name in (
                "gain",
                "brought",
                "saved",
                "paid",
                "income",
                "rebate",
                "serving",
                "own",
                "sales",
                "added_cm3",
                "last",
                "why",
            )
        }
        self.by_month = np.empty((months, n))
        self.at_home = counts_at_home(scenario)
        self.lines: dict[str, Array] = {}
        # kept path by path, too, where the fee has no mean: its median is needed then
        self.each_line: dict[str, Array] = {}

    def work(self, block: StoreBlock, wanted: frozenset[str]) -> None:
        """Work out one block of paths, at the ad budget that the option asks for.

        Args:
            block: the paths, with the store in them.
            wanted: the figures that will be asked for.
        """
        where, before, others, store = (
            block.where,
            block.before,
            block.others,
            block.stores[self.case.option.ad_budget],
        )
        option, terms, months, paths = (
            self.case.option,
            self.terms,
            self.months,
            where.stop - where.start,
        )
        shape = (months, paths)
        effect = self.effect[where]
        share = block.arrived(option, terms.ramp, months)
        book = block.lifted(store, effect, share, wanted)
        to_cost = np.broadcast_to(
            store.values.by_month.get("fx_rate", store.values.symbols["fx_rate"]), shape
        )
        fx = to_cost if option.fee_currency == "cost" else np.ones(shape)
        basis, spend, orders = (
            np.broadcast_to(value, shape)
            for value in store.months(book, terms.basis, "media_spend", "paid_orders")
        )
        levels = before.levels(terms.usual, paths)
        baseline = (
            at_own(terms.basis, terms.baseline, levels[terms.basis])
            if option.share_over == "baseline" and terms.basis in levels
            else terms.baseline
        )
        flows = Flows(
            basis,
            spend,
            orders,
            fx,
            terms.season,
            baseline,
            {},
            {i: h[:, where] for i, h in terms.happened.items()},
        )
        if terms.kpis:
            flows = replace(flows, kpis=self._kpi_paths(flows, book, store, where, levels))
        decides = flows.kpis[option.decided_by].attained if option.decided_by else None
        life = duration_of(option, decides, months, paths)
        lines = bill(option, flows, life)
        if not life.running.all():
            share = faded(share, life, terms.half_life)
            # after the engagement has ended the ad budget is the planned one again
            if option.ad_budget != 1.0:
                theirs = replace(
                    others,
                    budget_scale=others.budget_scale
                    * np.where(life.running, option.ad_budget, 1.0),
                )
                store = StorePaths(
                    theirs, book_of(theirs, steady=False, wanted=wanted), store.steady
                )
            book = block.lifted(store, effect, share, wanted)
        zero = np.zeros(shape)
        profit, sales, cm3 = store.months(book, "profit", "gross_sales", "cm3")
        brought = zero + (profit - before.before("profit"))
        own = part_of(terms.own_monthly, where) * life.running / to_cost
        own[0] += part_of(terms.own_start, where) / to_cost[0]
        if self.watch is not None:
            self.watch(
                Worked(where, store.values, book, before.values, before.book, lines, life, own)
            )
        paid = sum_of_lines(lines, LINES, zero) / fx
        saved = part_of(terms.saved, where) * life.running / to_cost if terms.saves else None
        gain = brought - paid - own if saved is None else brought + saved - paid - own
        rebate = rebate_kept(option, flows, life.running)
        income = paid - sum_of_lines(lines, NOT_INCOME, zero) / fx + rebate
        worth = rates_at_home(self.scenario, to_cost) if self.at_home else 1.0
        self.by_month[:, where] = gain * worth
        for name, value in (
            ("gain", gain),
            ("brought", brought),
            ("paid", paid),
            ("income", income),
            ("rebate", rebate),
            ("own", own),
            ("serving", part_of(terms.serving, where) * life.running / to_cost),
            ("sales", zero + sales),
            ("added_cm3", zero + (cm3 - before.before("cm3"))),
        ):
            self.kept[name][where] = (value * worth).sum(axis=0)
        self.kept["saved"][where] = 0.0 if saved is None else (saved * worth).sum(axis=0)
        self.kept["last"][where], self.kept["why"][where] = life.last, life.why
        for name, line in lines.items():
            if self.lacks.fee:
                self.each_line.setdefault(name, np.zeros((months, self.plan.paths)))[:, where] = (
                    line / fx * worth
                )
            mean = (line / fx * worth).sum(axis=1) / self.plan.paths
            self.lines[name] = self.lines.get(name, 0.0) + mean

    def _kpi_paths(
        self,
        flows: Flows,
        book: Book,
        store: StorePaths,
        where: slice,
        levels: Mapping[str, UsualLevel],
    ) -> dict[str, KpiPath]:
        """Return every KPI that the contract names, as it comes out under the full engagement; the
        monthly fees before bonuses stand in the ledger.
        """
        option, terms, months = self.case.option, self.terms, self.months
        always = Duration(
            np.ones(flows.basis.shape, bool),
            *(np.full(flows.basis.shape[1], n) for n in (months, 0, 0)),
        )
        told: Book = book
        # a KPI that includes the operator's fee is computed from a ledger with the fee before
        # bonuses
        if terms.with_fee:
            plain = bill(
                option.but(rewards=[], instalments=[], extras=[], total_cap=None), flows, always
            )
            fee = (
                sum_of_lines(plain, (*RUNNING, "floor", "cap"), np.zeros(flows.basis.shape))
                / flows.fx
            )
            told = {**book, "operator_fee": -fee, "profit": by_month(book["profit"]) - fee}
        spans = {
            kpi.months
            for kpi in terms.kpis
            if kpi.id in terms.keys
            and kpi.window in ("average", "total")
            and kpi.months[1] <= months
        }
        asked: dict[Over, Sequence[str]] = {"month": tuple({*terms.keys.values(), *terms.needed})}
        for span in spans:
            asked[span] = tuple(
                {
                    terms.keys[kpi.id]
                    for kpi in terms.kpis
                    if kpi.id in terms.keys and kpi.months == span
                }
            )
        found = store.figures(told, asked)
        shape = flows.basis.shape

        def of(key: str, over: Over) -> Array:
            value = found[key, over]
            return (
                np.broadcast_to(value, shape)
                if over == "month"
                else np.broadcast_to(value, (1, shape[1]))[0]
            )

        out = {}
        for kpi in terms.kpis:
            level = levels.get(terms.keys[kpi.id]) if is_growth(kpi) else None
            one = kpi_draws.drawn(self.scenario, kpi, of, months, self.plan, spans, where, level)
            beyond = any(
                reward.kpi == kpi.id and reward.bound == "above" for reward in option.rewards
            )
            out[kpi.id] = kpi_path(kpi, terms.targets[kpi.id], one, months, beyond=beyond)
        return out

    def outcome(self) -> Outcome:
        """Return the case, worked out."""
        lines = {
            name: np.median(line, axis=1) for name, line in self.each_line.items()
        } or self.lines
        return Outcome(
            self.case,
            self.plan,
            self.effect,
            by_month=self.by_month,
            lines=lines,
            no_mean=self.lacks,
            **self.kept,
        )


def _plausible(scenario: Scenario, option: Option) -> None:
    """Refuse a claim, or an effect believed, that would need more buyers than visitors, and a share
    that is not known.
    """
    refuse_unknown_share(scenario, option)
    most = most_effect(scenario)
    for name, value in (("claimed", option.claimed), ("effect", option.effect)):
        effect = 0.0 if value is None else point_value(value)
        if effect > most:
            raise refuse(
                f"options.{option.id}.{name}",
                f"{effect * 100:+.3g}%",
                "claim_buyers",
                cvr=f"{100 / (1 + most):.3g}%",
            )
