"""Statistical libraries that give the values shown, and this project's kernels beside them as a second engine."""
