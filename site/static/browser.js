// Answers in the page what is asked of it besides what it shows.
