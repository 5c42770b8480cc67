/* One switch in the header shows the code of all cells of a page, and remembers it where the browser lets it.
   Without this script the link at the foot of the page does: see analysis/book/sphinx/code_cells.py. */
(function () {
  "use strict";
  const KEY = "code-of-the-page";
  const root = document.documentElement;

  function remembered() {
    try {
      return localStorage.getItem(KEY) === "shown";
    } catch {
      return false; // a browser may refuse storage to pages opened from a file
    }
  }

  function show(shown) {
    root.dataset.code = shown ? "shown" : "hidden";
    document.querySelectorAll("button.btn-code-switch").forEach((button) => button.setAttribute("aria-pressed", String(shown)));
  }

  function toggle() {
    const shown = root.dataset.code !== "shown";
    show(shown);
    try {
      localStorage.setItem(KEY, shown ? "shown" : "hidden");
    } catch {
      /* shown all the same, on this page */
    }
  }

  window.codeOfThePage = { toggle };
  const start = () => show(remembered() || location.hash === "#page-code");
  start(); // before anything is drawn, so that nothing moves
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
})();
