"""Our own offer in words, as the agency says it: from which uplift it is worth signing, with which
guarantee, up to which fee; and, for the agency's eyes alone, what is kept.
"""

from funnel_sim.chance.estimates import Estimate
from funnel_sim.decisions.quote.contract import STOPPED
from funnel_sim.decisions.quote.our_offer import Form, OurOffer
from funnel_sim.decisions.quote.summary import Summary
from funnel_sim.output.words import formats
from funnel_sim.output.words.counter_offer import change_name
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.quote_further import clause_name
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.stop_loss import rules
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_PERCENT = 100.0
_CENT = 0.005
_EVEN = 1e-9


def guarantee_name(one: Form, found: OurOffer, lang: Lang) -> str:
    """Return what a guarantee says; the offer as it stands where there is none."""
    if one.move is None:
        return say(lang, "ours.as_is")
    return change_name(one.move, found.option, found.scenario, lang)


def needed_text(one: Form, lang: Lang) -> str:
    """Return the uplift from which a form is worth signing; that any is enough, or none."""
    if one.needed is not None:
        return formats.signed_percent(one.needed)
    return say(lang, "ours.any" if one.fits else "ours.none")


def offer_name(option: Option, lang: Lang) -> str:
    """Return what an offer of one's own is called: as it was typed, else "our offer" with its
    number.

    >>> offer_name(Option(id="quote"), "en"), offer_name(Option(id="quote_2", name="B"), "en")
    ('Our offer 1', 'B')
    """
    if option.name:
        return option.name
    number = option.id.rpartition("_")[2]
    return say(lang, "steps.our_offer_name", number=number if number.isdigit() else "1")


def with_offer_names(scenario: Scenario, lang: Lang) -> Scenario:
    """Return the scenario in which quotes without a name are called our offers: for what an agency
    shows and hands over itself.

    Args:
        scenario: the store and its plan, as typed.
        lang: "zh" or "en".

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace({"options": [{"id": "quote"}]})
        >>> with_offer_names(store, "en").options[0].name
        'Our offer 1'
    """
    return scenario.replace(
        {
            f"options.{one.id}.name": offer_name(one, lang)
            for one in scenario.options
            if one.kind == "quote" and not one.name
        }
    )


def promised_text(found: OurOffer) -> str:
    """Return the uplift that the offer is looked at with."""
    return formats.promised(found.promised)


def offer_word(found: OurOffer, lang: Lang) -> str:
    """Return in a word whether promise and fee go together."""
    return say(lang, "ours.works" if found.as_is.fits else "ours.short")


def offer_sentence(found: OurOffer, lang: Lang) -> str:
    """Return from which uplift the offer is worth signing, beside what it promises."""
    form, scenario = found.as_is, found.scenario
    whose = "" if found.typed else "_claim"
    parts = {
        "needed": needed_text(form, lang),
        "promised": promised_text(found),
        "months": scenario.plan.horizon_months,
        "gain": _amount(form.held.gain, scenario, lang),
        "short": formats.number(_PERCENT * (found.lacking or 0.0), 1),
    }
    if form.fits:
        return say(lang, f"ours.{'fits_any' if form.needed is None else 'fits'}{whose}", **parts)
    return say(lang, f"ours.{'never' if form.needed is None else 'lacks'}{whose}", **parts)


def offer_line(found: OurOffer, lang: Lang) -> str:
    """Return the same in a short line."""
    form = found.as_is
    key = "line" if form.needed is not None else "line_any" if form.fits else "line_never"
    parts = {"needed": needed_text(form, lang), "promised": promised_text(found)}
    return say(lang, f"ours.{key}{'' if found.typed else '_claim'}", **parts)


def offer_reasons(found: OurOffer, lang: Lang) -> list[str]:
    """Return what stands beside it: the guarantee to name first where it does not fit yet, what is
    lost where nothing comes.
    """
    best = found.best if not found.as_is.fits else None
    told = []
    if best is not None:
        short = "with_short" if found.typed else "with_short_claim"
        key = "with_any" if best.needed is None else "with_one" if best.fits else short
        name = guarantee_name(best, found, lang)
        told.append(
            say(
                lang,
                f"ours.{key}",
                guarantee=name,
                needed=needed_text(best, lang),
                promised=promised_text(found),
            )
        )
    told.append(failed_sentence(found, lang))
    if stopped := stopped_sentence(found.as_is.held, lang):
        told.append(stopped)
    return [*told, *_kpi_beyond_promise(found, lang), terms_sentence(found.option, lang)]


def _kpi_beyond_promise(found: OurOffer, lang: Lang) -> list[str]:
    """Return that a KPI of the offer asks for more than the uplift that is promised, as one from a
    template may after the promise was typed.
    """
    option, named = found.option, {name for _, name in found.option.kpis_named()}
    if option.claimed is None:
        return []
    return [
        say(
            lang,
            "ours.kpi_beyond",
            kpi=kpi_text(one, found.scenario, lang),
            promised=formats.promised(option.claimed),
        )
        for one in found.scenario.kpis
        if one.id in named
        and (one.metric, one.comparator, one.relative) == ("gmv", "at_least", True)
        and one.target > option.claimed + _EVEN
    ]


def terms_sentence(option: Option, lang: Lang) -> str:
    """Return how long an offer binds, and what of it protects the client.

    Examples:
        >>> terms_sentence(Option(id="a", term=12), "en")
        'Term of 12 months.'
    """
    parts = [say(lang, "ours.term", months=option.term)]
    parts += [
        clause_name(key, option, lang)
        for key, there in (("trial", option.trial), ("stop_loss", option.stop_loss))
        if there
    ]
    return say(lang, "ours.terms", terms=say(lang, "kpi.semicolon").join(parts))


def stopped_sentence(held: Summary, lang: Lang) -> str:
    """Return how probably the stop-loss ends an engagement although its promise is kept; empty
    where it hardly does (data/stop_loss.toml says what is accepted), or there is none.

    Args:
        held: what the offer comes to where the promise holds.
        lang: "zh" or "en".
    """
    option, share = held.case.option, held.ended[STOPPED]
    if not option.stop_loss or share <= rules().most_unchanged:
        return ""
    parts = {"odds": formats.percent(share, 0), "month": option.stop_from}
    return say(lang, "ours.stopped", **parts)


def threshold_note(found: OurOffer, lang: Lang) -> str:
    """Return what the uplift from which an offer is worth signing means."""
    odds = formats.percent(found.scenario.comparison.sign_odds, 0)
    return say(lang, "ours.from_means", odds=odds)


def failed_sentence(found: OurOffer, lang: Lang) -> str:
    """Return what is lost where nothing comes of the offer, and with which guarantee least."""
    scenario, loss = found.scenario, -found.as_is.client(held=False)
    if loss < _CENT:
        return say(lang, "ours.failed_none")
    parts: dict[str, object] = {
        "loss": _whole(loss, scenario, lang),
        "months": scenario.plan.horizon_months,
    }
    safer = found.safest
    if safer is None:
        return say(lang, "ours.failed", **parts)
    less = max(-safer.client(held=False), 0.0)
    name = guarantee_name(safer, found, lang)
    return say(lang, "ours.failed_with", guarantee=name, less=_whole(less, scenario, lang), **parts)


def guarantees_shown(found: OurOffer, most: int | None = None) -> tuple[Form, ...]:
    """Return the guarantees of a table in their order; where only some have room, those that the
    sentences name (the best one, the safest one) are among them.

    Args:
        found: our offer in each form.
        most: how many have room; None for all.
    """
    if most is None or len(found.guarantees) <= most:
        return found.guarantees
    named = [one for one in (found.best, found.safest) if one is not None]
    kept = [one for one in found.guarantees if one in named][:most]
    for one in found.guarantees:
        if len(kept) < most and one not in kept:
            kept.append(one)
    return tuple(one for one in found.guarantees if one in kept)


def guarantee_rows(
    found: OurOffer, lang: Lang, *, costs: bool = False, most: int | None = None
) -> list[Row]:
    """Return the offer as it stands and with each guarantee, as the client sees them.

    Args:
        found: our offer in each form.
        lang: the language.
        costs: whether a last cell says what the client pays us less with the guarantee, where the
            promise comes.
        most: for how many guarantees there is room; None for all.
    """
    scenario, income = found.scenario, found.as_is.held.income
    return [
        Row(
            "",
            guarantee_name(one, found, lang),
            (
                needed_text(one, lang),
                _amount(one.held.gain, scenario, lang),
                _amount(one.failed.gain, scenario, lang),
                *([_less(income - one.held.income, one, scenario, lang)] if costs else []),
            ),
        )
        for one in (found.as_is, *guarantees_shown(found, most))
    ]


def _less(value: float, one: Form, scenario: Scenario, lang: Lang) -> str:
    return formats.NOTHING if one.move is None else _whole(value, scenario, lang)


def guarantee_heads(found: OurOffer, lang: Lang, *, costs: bool = False) -> list[str]:
    """Return the heads of `guarantee_rows`.

    Args:
        found: our offer in each form.
        lang: the language.
        costs: as for `guarantee_rows`.
    """
    return [
        say(lang, "ours.guarantee"),
        say(lang, "ours.from"),
        say(lang, "ours.at_promise", promised=promised_text(found)),
        say(lang, "ours.at_nothing"),
        *([say(lang, "ours.less_held", promised=promised_text(found))] if costs else []),
    ]


def guarantees_note(found: OurOffer, lang: Lang) -> str:
    """Return what the table of guarantees rests on, and what its threshold means."""
    told = say(
        lang,
        "ours.guarantees_note",
        paths=formats.number(found.as_is.held.paths),
        months=found.scenario.plan.horizon_months,
    )
    added = [] if found.as_is.option.stop_loss else found.guarantees
    stopped = [said for one in added if (said := stopped_sentence(one.held, lang))]
    parts = (told, threshold_note(found, lang), *stopped[:1])
    return (" " if lang == "en" else "").join(parts)


# ---- for the agency's eyes alone
# ----------------------------------------------------------------------------------------


def fee_sentence(found: OurOffer, lang: Lang) -> str:
    """Return up to which fee the offer is worth signing where the promise holds: no number to show
    to whom it is offered.
    """
    form = found.as_is
    if form.most < 1:
        return say(lang, "ours.fee_none")
    most = _whole(form.most, found.scenario, lang, "down")
    paid = _whole(form.paid, found.scenario, lang)
    return say(lang, "ours.fee", most=most, paid=paid)


def kept_sentences(found: OurOffer, lang: Lang) -> list[str]:
    """Return what the agency keeps at this fee, where the promise holds and where nothing comes."""
    scenario, form = found.scenario, found.as_is
    income = form.held.income
    rate = form.kept(held=True) / income if income > _CENT else None
    return [
        say(
            lang,
            "private.keeps" if found.typed else "private.keeps_claim",
            promised=promised_text(found),
            held=_amount(form.held.agency, scenario, lang),
            months=scenario.plan.horizon_months,
            rate=formats.percent(rate),
            income=_whole(income, scenario, lang),
        ),
        say(
            lang,
            "private.keeps_failed",
            failed=_amount(form.failed.agency, scenario, lang),
        ),
    ]


def kept_rows(found: OurOffer, lang: Lang) -> list[Row]:
    """Return what each form leaves the agency."""
    scenario, now = found.scenario, found.as_is.kept(held=True)
    rows = []
    for one in (found.as_is, *found.guarantees):
        cost = now - one.kept(held=True)
        cells = (
            needed_text(one, lang),
            _amount(one.held.agency, scenario, lang),
            _amount(one.failed.agency, scenario, lang),
            formats.NOTHING if one.move is None else _whole(cost, scenario, lang),
        )
        rows.append(Row("", guarantee_name(one, found, lang), cells))
    return rows


def kept_heads(lang: Lang) -> list[str]:
    """Return the heads of `kept_rows`."""
    names = ("ours.guarantee", "ours.from", "private.you_held", "private.you_failed")
    return [say(lang, name) for name in (*names, "private.costs")]


def _amount(found: Estimate, scenario: Scenario, lang: Lang) -> str:
    """Return a mean in whole units; where there is none the median, called so."""
    text = _whole(found.centre.value, scenario, lang)
    return say(lang, "quote.as_median", amount=text) if found.heavy else text


def _whole(value: float, scenario: Scenario, lang: Lang, toward: formats.Direction = "near") -> str:
    return formats.whole_money(value, scenario.shown, lang, toward)
