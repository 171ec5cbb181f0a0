"""Our own offer, in the words of the agency that makes it, in place of a verdict on it."""

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.quote.our_offer import OurOffer
from funnel_sim.output.documents.blocks import Block, Heading, Note, Points, TableBlock
from funnel_sim.output.words.our_offer import (
    guarantee_heads,
    guarantee_rows,
    guarantees_note,
    offer_reasons,
    offer_sentence,
    offer_word,
)
from funnel_sim.output.words.quote import in_short
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tones import Tone
from funnel_sim.words import Lang, say


def our_offer_chapter(found: Found, ours: OurOffer | None, lang: Lang) -> list[Block]:
    """Return from which uplift our offer is worth signing, and what each guarantee changes; nothing
    where there is no offer.
    """
    if ours is None:
        return []
    scenario = found.scenario
    notes = (
        in_short(ours.option, scenario, lang),
        *offer_reasons(ours, lang),
        mean_note(scenario, ours.option, lang),
    )
    tone: Tone = "good" if ours.as_is.fits else "middle"
    out: list[Block] = [
        Heading(say(lang, "ours.title")),
        Note(offer_sentence(ours, lang), offer_word(ours, lang), tone),
        Points(tuple(one for one in notes if one)),
    ]
    if not ours.guarantees:
        return out
    rows = tuple((one.name, *one.cells) for one in guarantee_rows(ours, lang))
    heads = tuple(guarantee_heads(ours, lang))
    table = TableBlock(
        heads, rows, (0.52, 0.16, 0.16, 0.16), (1, 2, 3), title=say(lang, "ours.guarantees")
    )
    return [*out, table, Points((guarantees_note(ours, lang),))]
