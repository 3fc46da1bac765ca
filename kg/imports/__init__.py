"""What comes from elsewhere: files of RDF, extracts of registers, and the links that a review confirmed."""
