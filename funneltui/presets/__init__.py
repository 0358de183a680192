"""Pipelines ready to use, one TOML file each; acquisition.toml explains every key of the format."""
