"""Documents and metadata that are written from the contract and the tables."""
