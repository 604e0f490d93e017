"""What is served in a live blog's place: walls, shells, copies, and pages of other kinds."""
