"""Pages over several studies, and what is known of the reconstruction."""
