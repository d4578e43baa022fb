"""The site as files, for any static server."""
