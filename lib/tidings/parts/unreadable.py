"""What Pillow raises where a picture cannot be read."""

from PIL import Image

UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
"""Cut off, damaged at any place, no picture at all, no Base64, or of too many pixels to be looked at."""
