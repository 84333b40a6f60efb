"""The list of comments: what is owed first on top, narrowed and searched, as quick with a million."""
