"""How large charts and their words are."""

WIDTH = 500  # a column of the page; a phone shows the picture 330 px wide
HEIGHT = 184  # unless a chart is given another
WIDE = 800  # both columns of the page
PIXELS = 2  # of the picture, for each that is shown

TEXT = 11.5  # points of 1/72 inch at 100 px an inch, of all words: 16 px in a column, and 10.5 on a phone
