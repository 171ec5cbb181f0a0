"""`presets`: the list of presets, without loading what builds one."""

import argparse
from typing import Any

from funnel_sim.cli.printed import PrintedLine, dump, table
from funnel_sim.reference.preset_cards import preset_cards


def _options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_presets)


def _presets(options: Any) -> str:
    cards = preset_cards()
    if options.json:
        return dump(
            [
                {
                    "id": c.id,
                    "platform": c.platform,
                    "market": c.market,
                    "zh": c.product.zh,
                    "en": c.product.en,
                }
                for c in cards
            ]
        )
    return (
        table(
            [PrintedLine(c.id, (c.platform, c.market, c.product.of(options.lang))) for c in cards],
            ["", "", ""],
        )
        + "\n"
    )


COMMANDS = {"presets": _options}
