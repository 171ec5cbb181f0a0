"""`ltv`: what a customer costs and brings back, fitted to transactions where a file is given."""

import argparse
from pathlib import Path
from typing import Any

from funnel_sim.cli.options import (
    chance_options,
    check_file_given,
    check_rates_used,
    columns_there,
    money_into,
    seeded,
    table_options,
)
from funnel_sim.cli.printed import dump, table
from funnel_sim.decisions.customer.budget_curve import budget_curve
from funnel_sim.decisions.customer.budgets import between_budgets
from funnel_sim.decisions.customer.fitted import Refused, fit_transactions, with_fit
from funnel_sim.decisions.customer.worth import customer_worth, wide_prior
from funnel_sim.errors import InputError
from funnel_sim.evidence.orders import several
from funnel_sim.evidence.orders.roles import ROLES as ORDER_ROLES
from funnel_sim.evidence.orders.transactions import Transactions, bought, last_date, of_customers
from funnel_sim.evidence.tables import exports
from funnel_sim.evidence.tables.tables import load_table
from funnel_sim.output.json.customer import worth_json
from funnel_sim.output.words.chance import run_words
from funnel_sim.output.words.customer import step_heads, step_rows, step_sentence, worth_sentences
from funnel_sim.output.words.tables import figure_rows
from funnel_sim.scenario import files
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def _transactions_help() -> str:
    """Return which files of orders are read."""
    known = "; ".join(one.name.en for one in exports.every() if one.is_list)
    text = (
        "orders of customers, to which BG/NBD and Gamma-Gamma are fitted. CSV, TSV, XLSX, XLS, or a"
        f" page or XML saved as .xls. Known by their headings: {known}. Any other list with a"
        " customer, a date and an amount is read too; its columns can be named below. Several files"
        " of one shop count as one: an order that stands in two of them counts once"
    )
    return text.replace("%", "%%")


def _ltv_options(buyers: argparse.ArgumentParser) -> None:
    chance_options(buyers)
    buyers.add_argument(
        "--transactions",
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help=_transactions_help(),
    )
    buyers.add_argument(
        "--until",
        metavar="DATE",
        default=None,
        help="day up to which the customers were watched (default: the last date in the file)",
    )
    for role in ORDER_ROLES:
        buyers.add_argument(
            f"--{role}",
            metavar="COLUMN",
            default=None,
            help=f"the column of the {role}, where it is not recognised",
        )
    table_options(buyers)
    buyers.add_argument(
        "--budgets",
        nargs=2,
        type=float,
        metavar=("A", "B"),
        default=None,
        help=(
            "two monthly ad budgets: extra sales and profit between them, marginal ROAS and the one"
            " needed"
        ),
    )
    buyers.set_defaults(run=_ltv)


def _ltv(options: Any) -> str:
    scenario = seeded(options)
    fitted, refused = None, None
    check_file_given(options, "transactions", (*ORDER_ROLES, "until"))
    if options.transactions:
        orders = _transactions(options, scenario)
        try:
            fitted = fit_transactions(
                orders, ", ".join(Path(one).name for one in options.transactions)
            )
            scenario = with_fit(scenario, fitted)
        # too few orders for a fit: a warning, and the wide prior in its place
        except InputError as error:
            refused = Refused(orders.counted, error)
            scenario = wide_prior(scenario) or scenario
    found, curve = customer_worth(scenario, options.paths), budget_curve(scenario)
    step = between_budgets(scenario, *options.budgets) if options.budgets else None
    if options.json:
        return dump(worth_json(found, curve, fitted or refused, step))
    lang: Lang = options.lang
    rows = [
        *figure_rows(
            found.result,
            [
                "cac",
                "blended_cac",
                "loaded_cac",
                "ltv",
                "ltv_unlimited",
                "ltv_cac",
                "payback_months",
                "payback_orders",
            ],
            lang,
        )
    ]
    parts = [
        table(rows, [""]),
        "",
        *worth_sentences(found, curve, fitted or refused, lang),
        say(lang, "risk.run", **run_words(found.simulation)),
    ]
    if step is not None:
        parts += [
            "",
            table(step_rows(step, found.result, lang), step_heads(step, found.result, lang)),
            "",
            step_sentence(step, lang),
        ]
    return "\n".join(parts) + "\n"


def _transactions(options: Any, scenario: Scenario) -> Transactions:
    tables = [load_table(path) for path in options.transactions]
    chosen = {role: getattr(options, role) for role in ORDER_ROLES if getattr(options, role)}
    of_each = [columns_there(table, chosen) for table in tables]
    until = (
        files.read_date(options.until)
        if options.until
        else max(
            last_date(table, own, day_first=options.day_first)
            for table, own in zip(tables, of_each, strict=True)
        )
    )
    found = [
        of_customers(
            table,
            own,
            day_first=options.day_first,
            decimal=options.decimal,
            into=money_into(options, scenario, table.name),
        )
        for table, own in zip(tables, of_each, strict=True)
    ]
    check_rates_used(
        options, {table.name: one.findings for table, one in zip(tables, found, strict=True)}
    )
    return bought(several.together(found), until)


COMMANDS = {"ltv": _ltv_options}
"""What adds a command's options to its parser, and the function that runs it."""
