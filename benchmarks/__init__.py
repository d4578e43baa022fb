"""The speed claims, as programs that anyone can run."""
