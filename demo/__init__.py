"""Two made-up organisations and a year of their stories, played through the same verbs as the pages."""
