"""The message: the other reading of an executed notebook."""
