"""What goes in: quantities, the scenario and its fields, presets, sourced parameters, files, links."""
