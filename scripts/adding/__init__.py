"""New rows from answers: what is asked, how rows are found by name, how keys are composed, what is written."""
