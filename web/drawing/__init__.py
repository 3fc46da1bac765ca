"""Pictures drawn from data: maps, networks, timelines, bars and dots, with their outlines and scales."""
