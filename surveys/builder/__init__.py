"""Where staff make a survey, change it, copy it and try it out."""
