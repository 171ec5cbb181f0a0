"""A portfolio from a spreadsheet, and the template to fill in."""
