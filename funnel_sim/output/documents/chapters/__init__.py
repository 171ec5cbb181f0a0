"""The chapters of the report: each words one part of what was found."""
