/* The page of search results. Excerpts come from one script with the text of all pages, without code, as a page opened
   from a file may not fetch another. Numbers are searched for, and a result leads to the first place that has one. */
(function () {
  "use strict";
  const NUMBER = /\d+(?:[.,]\d+)+|\d{3,}/g;

  document.addEventListener("DOMContentLoaded", () => {
    const list = document.getElementById("search-results");
    if (typeof Search !== "object" || !list) return;
    const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
    const fetched = window.fetch;
    window.fetch = (address, ...more) => {
      const page = new URL(address, location.href).href.split("#")[0];
      if (!page.startsWith(root.href) || !page.endsWith(".html")) return fetched(address, ...more);
      const name = decodeURI(page.slice(root.href.length).replace(/\.html$/, ""));
      return window.tablesOfTheBook.load(new URL("searchtexts.mjs", root).href).then((texts) => new Response(texts[name] || ""));
    };
    Search.makeSearchSummary = (text, keywords) => {
      const spelled = window.abbreviationsOfTheBook || {};
      const asked = [...keywords].flatMap((word) => [word, spelled[word]].filter(Boolean));
      const whole = asked.map((word) => text.search(new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "iu"))).filter((place) => place >= 0);
      if (!text) return null;
      const start = Math.max((whole.length ? Math.min(...whole) : 0) - 100, 0);
      const summary = document.createElement("p");
      summary.className = "context";
      summary.textContent = `${start ? "… " : ""}${text.slice(start, start + 240).replace(/^\S*\s/, (cut) => (start ? "" : cut)).trim()} …`;
      return summary;
    };

    const parse = Search._parseQuery;
    Search._parseQuery = (query) => {
      const found = parse(query); // leaves out whole numbers
      (query.match(/(?<![\d.,])\d{3,}(?![\d.,])/g) || []).forEach((number) => { found[1].add(number); found[3].add(number); });
      return found;
    };

    const numbers = (new URLSearchParams(location.search).get("q") || "").match(NUMBER);
    if (numbers) {
      const lead = () => list.querySelectorAll("li > a[href]:not([href*='#'])").forEach((link) => { link.href += `#:~:text=${encodeURIComponent(numbers[0])}`; });
      new MutationObserver(lead).observe(list, { childList: true, subtree: true });
      lead();
    }
  });
})();
