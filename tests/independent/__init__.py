"""The canned queries worked out a second time, in pandas from the CSV files and never from the database.

Each function is named after its query, takes the query's parameters, and returns its rows in order, as a
frame of texts and numbers in which '' or NaN is a missing value. They follow what the descriptions say,
not the SQL.
"""

from independent import casualties, decided, evidence, statements, ties

MODULES = (casualties, decided, evidence, statements, ties)


def answers():
    """The function for each query, by name."""
    return {
        name: function
        for module in MODULES
        for name, function in vars(module).items()
        if getattr(function, "__module__", None) == module.__name__ and not name.startswith("_")
    }
