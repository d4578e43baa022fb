"""The ten hardest questions worked out a second time, in pandas from the CSV files of the record.

Each function is named after its question, takes its parameters, and returns its rows in order, as a frame of
texts and numbers in which '' or NaN is a missing value. They follow what the descriptions say, not the SQL.
"""

from independent import casualties, decided, evidence, ties

MODULES = (casualties, decided, evidence, ties)


def answers():
    """The function for each query, by name."""
    return {
        name: function
        for module in MODULES
        for name, function in vars(module).items()
        if getattr(function, "__module__", None) == module.__name__ and not name.startswith("_")
    }
