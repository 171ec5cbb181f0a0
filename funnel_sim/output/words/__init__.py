"""Figures in sentences and tables of both languages; formats is the only place that rounds."""
