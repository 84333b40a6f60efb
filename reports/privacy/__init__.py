"""What respondents read about what is kept of them, drawn from what is set up."""
