"""Sizes, colours, fonts and letters, and the bytes of a picture."""
