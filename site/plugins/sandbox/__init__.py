"""What readers may ask of the database: their queries run in processes that can be killed."""
