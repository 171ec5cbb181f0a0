"""From the bytes of a file to a table of cells with their meaning; one door for every upload."""
