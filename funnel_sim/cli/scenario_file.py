"""The scenario file that a command is given."""

import sys
from typing import Any

from funnel_sim.output.words.shown import shown_sentences
from funnel_sim.output.words.versions import version_note
from funnel_sim.scenario import files
from funnel_sim.scenario.scenario import Scenario


def read(options: Any, place: str = "file") -> Scenario:
    """Return the scenario of the file named; what an older version of the model did otherwise is
    said on standard error, so that figures stay readable by machines.

    Args:
        options: the command line as it was parsed.
        place: which of its arguments names the file.
    """
    file = getattr(options, place)
    found = (
        files.opened(sys.stdin.buffer.read(files.LARGEST_FILE + 1), "-")
        if file == "-"
        else files.load_opened(file)
    )
    note = version_note(found.model, options.lang)
    if note:
        options.notes.append(note)
    chosen, scenario = options.shown_in, found.scenario
    if chosen is not None and chosen != scenario.shown_in:
        scenario = scenario.replace({"shown_in": chosen})
    options.notes.extend(
        one for one in shown_sentences(scenario, options.lang) if one not in options.notes
    )
    return scenario
