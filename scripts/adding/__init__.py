"""New rows from answers: what is asked, what is found by name, which keys are composed, what is written."""
