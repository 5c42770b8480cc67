/* A search page opened from a file lists its results without excerpts: a page may not fetch another from a file. */
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
