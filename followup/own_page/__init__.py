"""What a respondent finds behind their own link, and what everybody may read."""
