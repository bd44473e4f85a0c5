"""Where the letters of a drawn text are: its own box is as high as the tallest letters of its font."""

from unicodedata import category

from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Bbox


def ink_of(text: Text) -> Bbox:
    """The box of a text's letters alone, in the picture's pixels."""
    box, font = text.get_window_extent(), text.get_fontproperties()
    face = FT2Font(findfont(font))
    baseline = box.y0 + box.height * -face.descender / (face.ascender - face.descender)
    # matplotlib makes no path of characters that have no ink, such as a lone soft hyphen
    inked = "".join(mark for mark in text.get_text() if category(mark) != "Cf").strip()
    letters = TextPath((0, 0), inked or "x", prop=font).get_extents()
    low, high = (points * text.figure.dpi / 72 for points in (letters.y0, letters.y1))
    return Bbox.from_extents(box.x0, baseline + low, box.x1, baseline + high)
