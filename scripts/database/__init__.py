"""The SQLite database: statements that create it, its rows, derived tables and history."""
