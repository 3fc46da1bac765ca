"""How the service is put on the internet."""
