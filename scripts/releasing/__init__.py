"""What a release consists of, and the check that every format says the same."""
