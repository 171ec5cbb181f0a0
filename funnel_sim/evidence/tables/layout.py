"""What a reader of one kind of file hands over: headings, cells as text, and what is to be known
about how they were found.
"""

from dataclasses import dataclass

import pandas as pd

from funnel_sim.evidence.tables.findings import Finding


@dataclass(frozen=True)
class Layout:
    """The headings of a file and its cells below them, rows labelled by their number in the file −
    2, as a spreadsheet counts.

    `numeric` says of each cell whether the file holds it as a number, None for a file of text.
    `above` are the lines above the headings.
    """

    headings: list[str]
    cells: pd.DataFrame
    numeric: pd.DataFrame | None = None
    findings: tuple[Finding, ...] = ()
    above: tuple[str, ...] = ()
