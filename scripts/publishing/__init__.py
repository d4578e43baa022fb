"""The site as files: what is shown of a version that was released."""
