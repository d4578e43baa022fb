"""The site as files, for any static server; the pages of a released version, from its archive alone."""
