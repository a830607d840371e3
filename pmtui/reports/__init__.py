"""Report models and their pages: from a project's data to Markdown and to lines for the terminal."""
