"""A survey of LimeSurvey, as far as its kinds of question match ours."""
