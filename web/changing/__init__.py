"""What changed: from release to release, as a feed in several formats, and over the life of one entity."""
