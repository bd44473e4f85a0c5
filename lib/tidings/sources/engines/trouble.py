"""What goes wrong with a database, whatever its engine calls it, and what to do about it."""

from enum import Enum


class Trouble(Enum):
    """Something that an engine's error says: its remedy."""

    PASSWORD = "see whether user and password are right, and percent-encoded in the URL"
    HOST = "see whether host and port are right, and the server is up and lets this machine in"
    DATABASE = "see whether the URL names the right database: there is none of this name, or it is another's"
    RIGHT = "grant the user SELECT on the table, or on the columns of the data contract"
    TABLE = "see whether a view still finds its tables and columns"
    TIME = "raise query_time_limit in the parameters, or index the table by tenant and instant"
    LOST = "make the report again: the connection was lost while the data were read"
