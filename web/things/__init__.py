"""The pages of things: what is said of one and by whom, what is near to it, and some side by side."""
