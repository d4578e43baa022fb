"""The pages of the site: from the database to values, from values to what the templates show."""
