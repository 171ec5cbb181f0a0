"""The parts of a preset, each put into it from the dated data of the world."""
