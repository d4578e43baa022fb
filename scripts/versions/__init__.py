"""What changed between two versions, and what the change requires."""
