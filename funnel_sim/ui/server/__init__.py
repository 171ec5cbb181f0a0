"""The server: how the app is started, and what leaves it on its way to a browser."""
