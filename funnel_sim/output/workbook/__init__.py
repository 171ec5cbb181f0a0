"""The scenario as a workbook with live formulas."""
