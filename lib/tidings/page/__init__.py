"""The web page: one reading of an executed notebook."""
