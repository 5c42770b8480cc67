/* Follow a number: what stands behind a verdict, in a panel beside it.
   Pointing at a verdict or reaching it by keyboard shows the panel; a click, Enter or a tap opens it to be
   read and walked through; Escape closes it. Without this script the verdict leads to its row of the audit. */
(function () {
  "use strict";
  const LINKS = 'main a[href*="audit.html#"]';
  let panel, timer = 0;
  let wanted = null; // the number whose row is being loaded
  let shown = null; // the number that the panel explains
  let pinned = false; // whether it was opened, and does not merely show
  let silent = false; // whether focus returns to a number without showing its panel again

  function audit(link) {
    const { load, rows } = window.tablesOfTheBook;
    return load(link.href.split("#")[0].replace(/\.html$/, ".js")).then((found) => {
      if (!found.rows) found.rows = new Map(rows(found.csv).map((row) => [row.id, row]));
      return found;
    });
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function build() {
    panel = element("div", "number-panel");
    panel.id = "number-panel";
    panel.tabIndex = -1;
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-labelledby", "number-panel-title");
    panel.addEventListener("pointerenter", () => clearTimeout(timer));
    panel.addEventListener("pointerleave", () => leave());
    panel.addEventListener("keydown", walk);
    document.body.append(panel);
  }

  function fill(link, found) {
    const id = decodeURIComponent(link.hash.slice(1));
    const row = found && found.rows.get(id);
    const title = element("p", "number-panel-title", row ? row.quantity : id);
    title.id = "number-panel-title";
    const list = element("dl");
    const add = (term, ...parts) => {
      const kept = parts.filter(Boolean);
      if (!kept.length) return;
      const place = element("dd");
      place.append(...kept);
      list.append(element("dt", "", term), place);
    };
    if (row) {
      const mark = found.marks[row.verdict] || { symbol: "", word: row.verdict, meaning: "", style: "context" };
      const badge = element("span", `verdict verdict-badge verdict-${mark.style}`, `${mark.symbol} ${mark.word}`.trim());
      if (row.verdict !== "not compared") add("Printed", row.printed, ` (${row.source})`);
      add("Recomputed", row.recomputed || "not recomputed");
      add("Verdict", badge, mark.meaning && ` ${mark.meaning}`);
      add("Convention", row.convention);
      add("Evidence", row.evidence && `${row.evidence}: ${found.evidence[row.evidence]}`);
      add("Population", row.population);
      add("Method", row.statistic !== "quoted" && row.statistic + (row.arguments && ` (${row.arguments})`));
      add("Computed by", row.engine);
      add("Note", row.note);
    } else {
      list.append(element("dt", "", "Verdict"), element("dd", "", link.dataset.account || link.textContent));
    }
    const foot = element("p", "number-panel-foot");
    const lead = element("a", "", "Row of the audit");
    lead.href = link.href;
    const close = element("button", "", "Close");
    close.type = "button";
    close.addEventListener("click", () => hide(true));
    foot.append(lead, close);
    if (link.closest("table")) foot.append(element("span", "number-panel-hint", "Arrow keys lead to the other numbers of the table."));
    panel.replaceChildren(title, list, foot);
  }

  function place(link) {
    const lines = link.getClientRects();
    const at = lines[0] || link.getBoundingClientRect();
    const box = panel.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const below = at.bottom + 8 + box.height <= window.innerHeight || at.top - 8 - box.height < 0;
    panel.style.left = `${Math.max(8, Math.min(at.left, wide - box.width - 8)) + window.scrollX}px`;
    panel.style.top = `${(below ? at.bottom + 8 : at.top - 8 - box.height) + window.scrollY}px`;
  }

  function show(link, pin) {
    clearTimeout(timer);
    if (shown && shown !== link) hide(false);
    const ready = (found) => {
      if (wanted !== link) return;
      fill(link, found);
      panel.hidden = false;
      shown = link;
      pinned = pinned || pin;
      link.setAttribute("aria-describedby", panel.id);
      link.setAttribute("aria-expanded", "true");
      place(link);
      if (pin) panel.focus({ preventScroll: true });
    };
    wanted = link;
    return audit(link).then(ready, () => ready(null));
  }

  function hide(back) {
    clearTimeout(timer);
    wanted = null;
    if (!shown) return;
    const link = shown;
    shown = null;
    pinned = false;
    panel.hidden = true;
    link.removeAttribute("aria-describedby");
    link.setAttribute("aria-expanded", "false");
    if (back) link.focus();
  }

  function leave() {
    clearTimeout(timer);
    if (!pinned) timer = setTimeout(() => hide(false), 250);
  }

  /* leaving the panel by Tab leads back to the number that it explains */
  function walk(event) {
    if (event.key !== "Tab") return;
    const stops = panel.querySelectorAll("a, button");
    const edge = event.shiftKey ? [panel, stops[0]] : [stops[stops.length - 1]];
    if (!edge.includes(document.activeElement)) return;
    event.preventDefault();
    silent = true;
    hide(true);
    silent = false;
  }

  const linkOf = (event) => event.target.closest && event.target.closest(LINKS);

  function start() {
    const links = document.querySelectorAll(LINKS);
    if (!links.length) return;
    build();
    links.forEach((link) => {
      if (link.title) {
        link.dataset.account = link.title; // the panel says it better, and to a keyboard as well
        link.removeAttribute("title");
      }
      link.setAttribute("aria-haspopup", "dialog");
      link.setAttribute("aria-expanded", "false");
    });
    document.addEventListener("pointerover", (event) => {
      const link = event.pointerType !== "touch" && linkOf(event);
      if (!link || pinned) return;
      clearTimeout(timer);
      timer = setTimeout(() => show(link, false), 150);
    });
    document.addEventListener("pointerout", (event) => {
      if (linkOf(event)) leave();
    });
    document.addEventListener("focusin", (event) => {
      const link = linkOf(event);
      if (link && !silent && link.matches(":focus-visible")) show(link, false);
      else if (link !== shown && !panel.contains(event.target)) hide(false);
    });
    document.addEventListener("click", (event) => {
      const link = linkOf(event);
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (shown === link && pinned) hide(true);
      else show(link, true);
    });
    document.addEventListener("pointerdown", (event) => {
      if (shown && !panel.contains(event.target) && linkOf(event) !== shown) hide(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shown) {
        silent = true;
        hide(pinned || panel.contains(document.activeElement));
        silent = false;
      }
    });
    window.addEventListener("resize", () => shown && place(shown));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
