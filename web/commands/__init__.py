"""The commands of `kg`, a module per concern; what is slow to import waits inside the functions."""
