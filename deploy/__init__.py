"""The site for many readers: several Datasette processes behind nginx. Needs Python's own library alone."""
