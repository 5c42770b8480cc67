"""A reader's own file: kept for a session, mapped and checked on a page, deleted."""
