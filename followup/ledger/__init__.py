"""Who was told: a line for every respondent, down to the words of the server."""
