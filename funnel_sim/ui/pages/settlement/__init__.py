"""The parts of the page of fee settlement: what is typed, the dispute, the files."""
