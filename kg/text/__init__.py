"""Documents of text: files read under limits, cut into passages, and the things mentioned in them."""
