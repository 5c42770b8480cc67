"""What the search of large groups is asked, item by item."""
