"""The addresses that programs ask for JSON, and the tables (`*.toml`) that describe each in OpenAPI."""
