"""What a manager chooses for a survey besides its questions."""
