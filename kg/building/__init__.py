"""How a release is made: from which inputs, in which folder, and what it says about itself."""
