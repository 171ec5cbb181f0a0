"""Every option in the same futures: what it brings, what it costs, who earns.

One simulation of carrying on alone; each option then multiplies the first orders of each path by
what it brings there, its contract is worked out month by month, and what the customer has gained is
the difference within the path. Read `outcomes` from top to bottom.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import MOST_AT_ONCE, blocks
from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote import no_mean
from funnel_sim.decisions.quote.effect import Case, Drawn
from funnel_sim.decisions.quote.no_mean import NoMean
from funnel_sim.decisions.quote.outcome import OptionTerms, Outcome, Watch, WorkedCase
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.decisions.quote.store_blocks import StoreBlock, StorePaths
from funnel_sim.model.economics import book_of
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

SEARCH_PATHS = 1024
"""Paths for searches: one effect after another is tried on them."""


def outcomes(
    scenario: Scenario,
    cases: Sequence[Case],
    *,
    paths: int | None = None,
    moved: Callable[[Values], Values] | None = None,
    store: Context | None = None,
    beside: Sequence[Option] = (),
) -> list[Outcome]:
    """Return what each case comes to in every future; the same futures for all of them.

    Args:
        scenario: the store and its plan, as typed.
        cases: options, each with the effect that is taken.
        paths: how many draws; the scenario's own where None.
        moved: changes the numbers of every path for the options, not for carrying on alone (another
            ad budget, another price).
        store: the context of the store alone, where it is at hand.
        beside: options that the cases are compared with and that are not worked out: the paths are
            parted as if they were, for the sums over paths to have the same last digit.

    Returns:
        One outcome a case, in their order.

    Raises:
        InputError: if a claim would need more buyers than visitors.
    """
    futures = QuoteFutures(
        scenario,
        [case.option for case in cases],
        paths,
        moved,
        store=store,
        once=True,
        beside=beside,
    )
    return futures.outcomes(cases)


class QuoteFutures:
    """Carrying on alone in every future, and what each of some options is there; unless it is asked
    `once` only, it keeps what is small; without `both_sides` what serving costs is not drawn.
    `also` is what the books of the months hold too (`leading_to` some figures), and `watch` is
    handed each block.
    """

    def __init__(
        self,
        scenario: Scenario,
        options: Sequence[Option],
        paths: int | None,
        moved: Callable[[Values], Values] | None = None,
        *,
        both_sides: bool = True,
        store: Context | None = None,
        once: bool = False,
        beside: Sequence[Option] = (),
        also: Collection[str] = (),
        watch: Watch | None = None,
    ):
        at = Context(without_operator(scenario)) if store is None else store
        self.base, self.moved = at.scenario, moved
        self.months = self.base.plan.horizon_months
        self.plan = plan_of(scenario.chance.paths if paths is None else paths, scenario.chance.seed)
        self.drawn = Drawn(scenario, self.plan)
        self.options: list[Option] = []
        for option in options:
            if option not in self.options:
                self.options.append(option)
        self.terms = [
            OptionTerms(at, option, self.drawn, self.months, both_sides=both_sides)
            for option in self.options
        ]
        self.store = at.once("no_mean", lambda: no_mean.of_store(self.base))
        self.fees = [
            no_mean.of_fee(self.base, self.store, option, one.basis, list(one.keys.values()))
            for option, one in zip(self.options, self.terms, strict=True)
        ]
        asked: set[str] = {"profit", "cm3", "gross_sales", "media_spend", "paid_orders"}
        self.watch = watch
        for one in self.terms:
            asked |= one.asked
        self.wanted = leading_to(frozenset(asked)) | frozenset(also)
        self.needs_steady = any("@" in key for key in asked) or any(
            one.kpis or one.usual for one in self.terms
        )
        self.beside = {option.ad_budget for option in beside}
        self.kept: list[StoreBlock] = []
        self.room = 0 if once or self.plan.paths > SEARCH_PATHS else MOST_AT_ONCE

    def outcomes(self, cases: Sequence[Case]) -> list[Outcome]:
        """Return what each case comes to; each of an option that was named at the beginning."""
        made = [
            WorkedCase(
                self.base,
                case,
                self.drawn,
                self.terms[self._place(case)],
                self.plan,
                self.months,
                self._no_mean(case),
                self.watch,
            )
            for case in cases
        ]
        for block in self._blocks():
            for each in made:
                each.work(block, self.wanted)
        return [each.outcome() for each in made]

    def _place(self, case: Case) -> int:
        """Return the place of a case's option among those named at the beginning: the same one, or
        one equal to it.
        """
        return self.options.index(case.option)

    def _no_mean(self, case: Case) -> NoMean:
        """Return what leaves the amounts of a case without a mean."""
        fee, option = self.fees[self._place(case)], case.option
        if not (fee or self.store.profit or self.store.fx):
            return NoMean()
        effect = self.drawn.effect(case)
        moved = self.moved is not None or option.ad_budget != 1.0
        return no_mean.of_option(
            self.store,
            fee,
            option,
            brings=moved or bool(effect.any()),
            takes=moved or bool((effect < 0).any()),
        )

    def _blocks(self) -> Iterator["StoreBlock"]:
        yield from self.kept
        done = sum(one.where.stop - one.where.start for one in self.kept)
        if done == self.plan.paths:
            return
        budgets = {option.ad_budget for option in self.options}
        every = budgets | self.beside
        for where, _, values in blocks(Sources(self.base), self.plan, 1 + len(every)):
            if where.stop <= done:
                continue
            book = book_of(values, steady=False, wanted=self.wanted)
            steady = (
                book_of(values, steady=True, wanted=self.wanted)
                if self.needs_steady
                else dict(values.symbols)
            )
            before = StorePaths(values, book, steady)
            others = values if self.moved is None else self.moved(values)
            stores: dict[float, StorePaths] = {} if self.moved is not None else {1.0: before}
            for budget in budgets - set(stores):
                theirs = replace(others, budget_scale=others.budget_scale * budget)
                stores[budget] = StorePaths(
                    theirs, book_of(theirs, steady=False, wanted=self.wanted), steady
                )
            block = StoreBlock(where, before, stores, others)
            size = (where.stop - where.start) * self.months * (1 + len(budgets))
            if size <= self.room:
                self.room -= size
                self.kept.append(block)
            else:
                self.room = 0  # what is kept are the first ones
            yield block
