/* The links of a table are one stop for Tab, and arrow keys lead from one to the next: left and right through all,
   up and down in a column, Home and End to the first and the last.  Tab goes on behind the table.
   Without this script each link is a stop of its own. */
(function () {
  "use strict";
  const FEWEST = 6; // links of a table that are one stop
  const TABLES = "main table";

  const linksOf = (table) => [...table.querySelectorAll("a[href]")];
  const linkOf = (event) => event.target.closest("a[href]");
  const rowOf = (link) => link.closest("tr");
  const columnOf = (link) => link.closest("td, th").cellIndex;

  /* Tab reaches one link of a table alone: the last one that had the focus, or the first one seen. */
  const stops = new WeakMap();

  function choose(table, chosen) {
    const links = linksOf(table);
    if (links.length < FEWEST) return;
    const kept = chosen || stops.get(table);
    const stop = kept && kept.checkVisibility() ? kept : links.find((link) => link.checkVisibility());
    if (stop) stops.set(table, stop);
    links.forEach((link) => { link.tabIndex = link === stop ? 0 : -1; });
  }

  /* In the next row below or above that has links: the one of the same column, or else the row's first. */
  function inColumn(links, from, step) {
    const rows = [...new Set(links.map(rowOf))];
    const row = rows[rows.indexOf(rowOf(from)) + step];
    const there = links.filter((link) => rowOf(link) === row);
    return there.find((link) => columnOf(link) === columnOf(from)) || there[0];
  }

  function goal(key, links, from) {
    const at = links.indexOf(from);
    switch (key) {
      case "ArrowRight": return links[at + 1];
      case "ArrowLeft": return links[at - 1];
      case "ArrowDown": return inColumn(links, from, 1);
      case "ArrowUp": return inColumn(links, from, -1);
      case "Home": return links[0];
      case "End": return links[links.length - 1];
      default: return undefined;
    }
  }

  function start() {
    document.querySelectorAll(TABLES).forEach((table) => {
      choose(table);
      // an audit fills, filters and sorts its rows later
      new MutationObserver(() => choose(table)).observe(table, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"] });
      table.addEventListener("focusin", (event) => linkOf(event) && choose(table, linkOf(event)));
      table.addEventListener("keydown", (event) => {
        const from = linkOf(event);
        if (!from || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const links = linksOf(table).filter((link) => link.checkVisibility());
        const next = links.length < FEWEST ? undefined : goal(event.key, links, from);
        if (!next) return;
        event.preventDefault();
        next.focus();
      });
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
