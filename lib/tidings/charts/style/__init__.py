"""Theme, colours, fonts, and the bytes of a picture."""
