"""The contract check in words: grade, findings, sentences to add; as a Markdown document in either
language.
"""

from collections.abc import Mapping

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.kpi.console import CONSOLE
from funnel_sim.decisions.kpi.measured import target_of
from funnel_sim.decisions.quote.contract_check.findings import (
    Amount,
    ContractCheck,
    ContractFinding,
)
from funnel_sim.decisions.quote.contract_check.judged_kpis import season_of
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, input_name, probability_text
from funnel_sim.output.words.clauses import counted_words
from funnel_sim.output.words.kpi import kpi_text, metric_name, sign, value_text
from funnel_sim.output.words.kpi_contract import basis_text
from funnel_sim.output.words.kpi_levers import gathered
from funnel_sim.output.words.kpi_offers import stop_rule, stop_sentence
from funnel_sim.output.words.kpi_remarks import remark_sentence
from funnel_sim.output.words.shares import counted_on, mean_note, share_text, threshold
from funnel_sim.reference import provenance
from funnel_sim.reference.contract_items import (
    GROUPS,
    SEVERE,
    grades,
    items,
    penalty_cap,
    standard,
    usual_notice,
    usual_term,
)
from funnel_sim.reference.provenance import Provenance, first_source
from funnel_sim.reference.studies import Prior
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.words import Lang, say

_SIGNED = ("season", "worth")

_CLAUSE_DIGITS = 3

_NOT_REPORTED = ("share", "bad_fitted", "bad_funnel")
"""Cases of the item on the baseline whose figure is the model's and stands in no report."""
_NOT_ALL_SALES = ("ad_sales", "cm3")


def _money(value: float, currency: str, lang: Lang) -> str:
    return formats.compact(value, currency, lang)


def amount_text(amount: Amount, check: ContractCheck, lang: Lang) -> str:
    """Return a figure of a finding as text, with the digits that can be believed where it was
    simulated.
    """
    scenario = check.scenario
    match amount.unit:
        case "money":
            if amount.figure is not None:
                return believed(amount.figure, "money", scenario.shown, "", lang)
            return _money(amount.value, scenario.shown, lang)
        case "fee":
            return _money(amount.value, check.option.currency(check.scenario), lang)
        case "odds":
            return (
                formats.percent(amount.value, 0)
                if amount.figure is None
                else probability_text(amount.figure, check.paths, lang)
            )
        case "rate":
            return formats.percent(amount.value, 0 if float(amount.value * 100).is_integer() else 1)
        case "months":
            return formats.number(amount.value)
        case "count":
            return formats.exact(amount.value)
        case _:
            return value_text(amount.value, amount.unit.removeprefix("kpi:"), scenario, lang)


def finding_sentence(finding: ContractFinding, check: ContractCheck, lang: Lang) -> str:
    """Return what was found, in one sentence; empty where nothing but the answer is known."""
    if not finding.case:
        return ""
    by_id = {kpi.id: kpi for kpi in check.scenario.kpis}
    parts: dict[str, object] = {
        name: (
            ("+" if name in _SIGNED and amount.value >= 0 else "")
            + amount_text(amount, check, lang)
        )
        for name, amount in finding.figures.items()
    }
    named = list(
        dict.fromkeys(
            metric_name(by_id[name].metric, lang) for name in finding.kpis if name in by_id
        )
    )
    parts["kpi"] = say(lang, "contract.list").join(named)
    parts["remarks"] = " ".join(
        remark_sentence(one, check.scenario, lang) for one in gathered(list(finding.remarks))
    )
    if finding.item.id == "stop_loss":
        parts["offer"] = (
            stop_sentence(check.stop, check.decider, check.scenario, lang)
            if check.stop is not None and check.decider is not None
            else say(lang, "contract.no_stop")
        )
    if finding.item.id == "cap":
        parts["cap"] = _clause_amount("cap", check, lang)
    parts["counted"] = counted_words(check.scenario, check.option, lang)
    parts.setdefault("share", share_text(check.scenario, check.option, lang))
    parts["fees"] = say(lang, "contract.join").join(_fee_texts(finding.figures, check, lang))
    if (finding.item.id, finding.case) == ("cap", "bad") and check.option.claimed is None:
        return say(lang, "contract.found_cap_unpromised", **parts)
    return say(lang, f"contract.found_{finding.item.id}_{finding.case}", **parts)


def _fee_texts(figures: Mapping[str, Amount], check: ContractCheck, lang: Lang) -> list[str]:
    out = []
    for clause in ("setup", "base", "share", "spend"):
        if f"{clause}_low" in figures:
            of = counted_on(check.scenario, check.option, lang)
            shown = {
                "value": amount_text(figures[clause], check, lang),
                "name": say(lang, f"contract.fee_{clause}", of=of),
            }
            ends = {
                end: amount_text(figures[f"{clause}_{end}"], check, lang) for end in ("low", "high")
            }
            key = "one" if ends["low"] == ends["high"] else "range"
            text = say(lang, f"contract.fee_{key}", **shown, **ends)
            partial = clause == "share" and (
                check.option.share_over == "baseline"
                or threshold(check.option) is not None
                or check.option.share_basis in _NOT_ALL_SALES
            )
            out.append(say(lang, "contract.fee_share_part", text=text) if partial else text)
    return out


def _contract_fees(check: ContractCheck, lang: Lang) -> str:
    """Return the fees that the quote names, for the contract."""
    option, out = check.option, []
    share = share_text(check.scenario, option, lang)
    amounts = {
        "setup": (
            _money(option.setup, check.option.currency(check.scenario), lang)
            if option.setup
            else ""
        ),
        "base": (
            _money(option.base, check.option.currency(check.scenario), lang) if option.base else ""
        ),
        "share": share,
        "spend": formats.percent(option.spend_rate) if option.spend_rate else "",
    }
    out = [
        (
            say(lang, "contract.fee_share_plain", share=value)
            if clause == "share"
            else say(
                lang, "contract.fee_plain", name=say(lang, f"contract.fee_{clause}"), value=value
            )
        )
        for clause, value in amounts.items()
        if value
    ]
    return say(lang, "contract.join").join(out) or say(lang, "contract.blank_fees")


def _clause_amount(name: str, check: ContractCheck, lang: Lang) -> str:
    """Return an amount for a sentence to add, three digits; a blank where there is none."""
    amount = check.clauses[name]
    if not amount.value > 0:
        return say(lang, "contract.blank_amount")
    return amount_text(
        Amount(float(f"{amount.value:.{_CLAUSE_DIGITS}g}"), amount.unit), check, lang
    )


def _month_target(kpi: Kpi, check: ContractCheck, lang: Lang) -> str:
    """Return a KPI with the target of one month, absolute; as it was promised where a baseline is
    missing.
    """
    try:
        target = month_target(kpi, target_of(check.scenario, kpi))
    except InputError:
        return kpi_text(kpi, check.scenario, lang)
    return (
        f"{metric_name(kpi.metric, lang)} {sign(kpi)}"
        f" {value_text(target, kpi.metric, check.scenario, lang)}"
    )


def _record(check: ContractCheck, lang: Lang) -> str:
    """Return the record that the other side shows as its own statement; nothing without one."""
    figures = check.of("cases").figures
    if "shown" not in figures:
        return ""
    told = {name: amount_text(one, check, lang) for name, one in figures.items()}
    return say(lang, "contract.record_stated", **told) + (" " if lang == "en" else "")


def _rate(metric: str, check: ContractCheck, lang: Lang) -> str:
    """Return what is promised of a rate; a blank where nothing is."""
    if metric not in check.promised:
        return say(lang, "contract.blank_rate")
    shown = formats.exact_percent(check.promised[metric])
    theirs = CONSOLE.get(metric)
    if theirs is None or all(kpi.metric != theirs for kpi in check.scenario.kpis):
        return shown
    return say(lang, "contract.by_console", value=shown)


def clause_parts(check: ContractCheck, lang: Lang) -> dict[str, object]:
    """Return what the sentences to add are filled from."""
    scenario, option = check.scenario, check.option
    comma, join, blank = (say(lang, f"contract.{key}") for key in ("list", "join", "blank_kpi"))
    bases = [
        f"{metric_name(kpi.metric, lang)} ({basis_text(kpi, scenario, lang)})"
        for kpi in scenario.kpis
    ]
    typed = [
        f"{metric_name(kpi.metric, lang)} {value_text(kpi.baseline, kpi.metric, scenario, lang)}"
        for kpi in scenario.kpis
        if kpi.baseline is not None
    ]
    found = check.of("baseline")
    modelled = not typed and found.case in _NOT_REPORTED
    if not typed and "value" in found.figures:
        names = [metric_name(kpi.metric, lang) for kpi in scenario.kpis if kpi.id in found.kpis]
        # with as many digits as the baseline of a share: one contract may hold both sentences
        value = found.figures["value"]
        if value.value > 0:
            value = Amount(float(f"{value.value:.{_CLAUSE_DIGITS}g}"), value.unit)
        typed = [" ".join([*names, amount_text(value, check, lang)])]
        if found.case == "share":
            counted = counted_words(scenario, check.option, lang)
            typed = [say(lang, "contract.modelled", amount=typed[0], counted=counted)]
    season = check.of("kpi_season").kpis
    judged = next((kpi for kpi in scenario.kpis if kpi.id in season), None)
    term, notice, cap = (
        usual_term(scenario.as_of),
        usual_notice(scenario.as_of),
        penalty_cap(scenario.as_of),
    )
    return {
        "kpi": blank if check.decider is None else kpi_text(check.decider, scenario, lang),
        "kpis": join.join(kpi_text(kpi, scenario, lang) for kpi in scenario.kpis) or blank,
        "kpi_month": blank if check.decider is None else _month_target(check.decider, check, lang),
        "basis": join.join(bases) or say(lang, "contract.blank_basis"),
        "baseline": comma.join(typed) or say(lang, "contract.blank_amount"),
        "acos": _rate("acos", check, lang),
        "returns": _rate("return_rate", check, lang),
        "margin": say(lang, "contract.blank_rate"),
        "baseline_source": say(lang, f"contract.source_{'modelled' if modelled else 'reports'}"),
        "baseline_amount": _clause_amount("baseline", check, lang),
        "counted": counted_words(scenario, option, lang),
        "cap_amount": _clause_amount("cap", check, lang),
        "suspension": _clause_amount("suspension", check, lang),
        "stop": (
            say(lang, "contract.blank_stop")
            if check.stop is None or check.decider is None
            else stop_rule(check.stop, check.decider, scenario, lang)
        ),
        "fees": _contract_fees(check, lang),
        "reviews": comma.join(str(month) for month in standard("review_months")),
        "stop_share": formats.percent(standard("stop_share"), 0),
        "stop_months": standard("stop_months"),
        "trial_months": standard("trial_months"),
        "response_hours": standard("response_hours"),
        "export_days": standard("export_days"),
        "case_count": standard("case_count"),
        "record": _record(check, lang),
        "prepaid_months": standard("prepaid_months"),
        "window": (
            say(lang, "contract.blank_window")
            if judged is None
            else " – ".join(str(m) for m in dict.fromkeys(judged.months))
        ),
        "season_index": (
            say(lang, "contract.blank_window")
            if judged is None
            else formats.number(season_of(scenario, judged), 2)
        ),
        "penalty_cap": formats.percent(
            provenance.typical_or_middle(cap.low, cap.typical, cap.high), 0
        ),
        "term": say(lang, "contract.months", n=option.term),
        "usual_notice": formats.number(
            provenance.typical_or_middle(notice.low, notice.typical, notice.high)
        ),
        "usual_term": say(
            lang,
            "contract.months",
            n=formats.number(provenance.typical_or_middle(term.low, term.typical, term.high)),
        ),
    }


def clause_text(finding: ContractFinding, check: ContractCheck, lang: Lang) -> str:
    """Return the sentence to add to the contract."""
    return finding.item.clause.of(lang).format(**clause_parts(check, lang)).strip()


def _end(value: float | None, row: Prior) -> str:
    if value is None:
        return formats.NOTHING
    return (
        formats.percent(value, 0)
        if row.unit.startswith(("fraction", "relative"))
        else formats.number(value, 0 if value.is_integer() else 1)
    )


def practice_texts(finding: ContractFinding, lang: Lang) -> list[tuple[str, Provenance]]:
    """Return what is usual, each with where it comes from."""
    return [
        (
            one.words.of(lang).format(
                low=_end(one.row.low, one.row),
                typical=_end(one.row.typical, one.row),
                high=_end(one.row.high, one.row),
            ),
            one.row.provenance,
        )
        for one in finding.item.practice
    ]


def source_words(provenance: Provenance, lang: Lang) -> str:
    """Return a source in plain text: address, date, kind of evidence, and its weakness."""
    when = provenance.start.isoformat() if provenance.start else say(lang, "origin.undated")
    parts = [first_source(provenance.source), when, say(lang, f"evidence.{provenance.evidence}")]
    return " · ".join([*parts, say(lang, "evidence.weak")] if provenance.weak else parts)


def grade_sentence(check: ContractCheck, lang: Lang) -> str:
    """Return the reason of the grade in one sentence."""
    points = formats.number(sum(one.points for one in check.findings), 1)
    every = formats.number(sum(one.item.weight for one in check.findings))
    shown = {"points": points, "all": every, "open": check.count("open")}
    if not check.count("bad"):
        return say(lang, "contract.reason_clean", **shown)
    costliest = check.costliest
    worst = costliest or next(one for one in check.findings if one.state == "bad")
    return say(
        lang,
        "contract.reason_cost" if costliest else "contract.reason",
        **shown,
        bad=check.count("bad"),
        severe=check.count("bad", SEVERE),
        worst=worst.item.name.of(lang),
    )


def grade_about(lang: Lang) -> str:
    """Return what grades mean: weights and bounds."""
    known: dict[int, float] = {one.weight: one.open for one in items()}
    steps = grades()
    bounds = {
        name.lower(): formats.percent(step.upto, 0)
        for name, step in zip("abcd", steps, strict=False)
    }
    bound = say(
        lang, "contract.bound", share=bounds["a"], b=bounds["b"], c=bounds["c"], d=bounds["d"]
    )
    most = steps[-2].severe
    return say(
        lang,
        "contract.grade_about",
        severe=SEVERE,
        serious=SEVERE - 1,
        minor=SEVERE - 2,
        bounds=bound,
        most=most,
        after=steps[-1].id,
        open_severe=f"{known[SEVERE]:g}",
        open_serious=f"{known[SEVERE - 1]:g}",
        open_minor=f"{known[SEVERE - 2]:g}",
    )


def _lines(finding: ContractFinding, check: ContractCheck, lang: Lang) -> list[str]:
    item = finding.item
    state = say(lang, f"contract.state_{finding.state}")
    out = [
        (
            f"### {item.name.of(lang)}"
            f" ({state}{say(lang, 'contract.list')}{say(lang, f'contract.weight_{item.weight}')})"
        ),
        "",
    ]
    if item.question is not None and not finding.judged:
        out += [
            f"- {item.question.of(lang)}"
            " "
            + say(
                lang,
                "contract.export_answer",
                answer=say(lang, f"contract.answer_{finding.answer}"),
            )
        ]
    found = finding_sentence(finding, check, lang)
    out += [f"- {found}"] if found else []
    out += [f"- **{say(lang, 'contract.why')}**{say(lang, 'contract.colon')}{item.why.of(lang)}"]
    out += [
        f"- **{say(lang, 'contract.practice')}**{say(lang, 'contract.colon')}{text}"
        f" ({source_words(source, lang)})"
        for text, source in practice_texts(finding, lang)
    ]
    out += [
        f"- **{say(lang, 'contract.prices')}**{say(lang, 'contract.colon')}{row.service}"
        f" ({source_words(row.provenance, lang)})"
        for row in finding.prices
    ]
    out += [
        f"- **{say(lang, 'contract.look_up')}**{say(lang, 'contract.colon')}"
        f"{one.words.of(lang)} ({one.url})"
        for one in item.sources
    ]
    return [
        *out,
        f"- **{say(lang, 'contract.sentence')}**",
        "",
        f"> {clause_text(finding, check, lang)}",
        "",
    ]


def to_markdown(check: ContractCheck, lang: Lang) -> str:
    """Return the whole check as a Markdown document."""
    scenario = check.scenario
    out = [
        f"# {say(lang, 'contract.export_head', name=option_name(check.option, lang))}",
        "",
        f"**{say(lang, 'contract.grade', grade=check.grade.id)}** · {grade_sentence(check, lang)}",
        "",
        grade_about(lang),
        "",
        run_note(check, lang),
        "",
    ]
    if check.problem is not None:
        out += [say(lang, "contract.unsimulated"), *check.problem.sentences(lang), ""]
    for group in GROUPS:
        out += [f"## {say(lang, f'contract.group_{group}')}", ""]
        for one in check.findings:
            out += _lines(one, check, lang) if one.item.group == group else []
    note = say(
        lang,
        "contract.export_note",
        version=evaluate(scenario).model_version,
        seed=str(scenario.chance.seed),
        paths=formats.number(check.paths),
    )
    return "\n".join([*out, note, ""])


def run_note(check: ContractCheck, lang: Lang) -> str:
    """Return what money figures are made of."""
    note = say(
        lang,
        "contract.simulated",
        paths=formats.number(check.paths),
        currency=check.scenario.shown,
    )
    join = " " if lang == "en" else ""
    names = say(lang, "risk.listed").join(
        input_name(check.scenario, path, lang) for path in check.no_mean
    )
    more = mean_note(check.scenario, check.option, lang)
    return join.join(
        [
            note,
            *([say(lang, "contract.no_mean", inputs=names)] if names else []),
            *([more] if more else []),
        ]
    )
