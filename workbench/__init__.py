"""Workbench: a translation memory and multilingual content workbench for French, Spanish, Portuguese and English."""
