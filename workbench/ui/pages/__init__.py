"""The pages: one short script each, named in :mod:`workbench.ui.navigation`."""
