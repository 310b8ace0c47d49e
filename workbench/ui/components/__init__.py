"""What several pages draw with: the page head, the board of texts, tables, long work's progress."""
