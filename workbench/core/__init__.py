"""The pure heart of the workbench: no files, database, network, page or clock."""
