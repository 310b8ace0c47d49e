"""Small worlds that tests of several folders build."""

from workbench.services.uploads import Upload, read_uploads


def versions(**texts):
    """Read Markdown texts by language: ``versions(fr="# Titre\\n\\nUne phrase.")``."""
    return read_uploads([Upload(f"{code}.md", text.encode(), code.replace("_", "-")) for code, text in texts.items()])
