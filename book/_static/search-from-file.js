/* A search page opened from a file lists its results without excerpts: a page may not fetch another from a file. */
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS === "object") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

/* Excerpts are of what a page says, not of its code. */
document.addEventListener("DOMContentLoaded", () => {
  if (typeof Search !== "object") return;
  const textOf = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(".code-cell, .code-link").forEach((part) => part.remove());
    return textOf(page.documentElement.outerHTML, anchor);
  };
});
