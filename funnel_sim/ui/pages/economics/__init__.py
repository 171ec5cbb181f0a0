"""Parts of the page Unit economics."""
