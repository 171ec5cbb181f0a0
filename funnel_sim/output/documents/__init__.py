"""The report, the slides and the term sheet, from one list of blocks."""
