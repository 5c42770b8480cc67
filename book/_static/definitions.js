/* What a term, an abbreviation or a citation means, shown where it stands: by pointer, by keyboard, and read aloud
   as the description of its link. Escape hides it; the pointer may move onto it. Without this script the link leads to it. */
(function () {
  "use strict";
  const LINKS = "a[data-definition]";
  let tip, shown = null, timer = 0;

  function show(link) {
    clearTimeout(timer);
    if (shown === link) return;
    hide();
    tip.textContent = link.dataset.definition;
    tip.hidden = false;
    shown = link;
    const at = link.getClientRects()[0] || link.getBoundingClientRect(), box = tip.getBoundingClientRect();
    const below = at.bottom + 6 + box.height <= window.innerHeight || at.top - 6 - box.height < 0;
    tip.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - box.width - 8))}px`;
    tip.style.top = `${below ? at.bottom + 6 : at.top - 6 - box.height}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown = null;
    tip.hidden = true;
  }

  const linkOf = (event) => event.target.closest && event.target.closest(LINKS);

  function start() {
    const links = document.querySelectorAll(LINKS);
    if (!links.length) return;
    tip = Object.assign(document.createElement("div"), { className: "definition-tip", id: "definition-tip", hidden: true });
    tip.setAttribute("role", "tooltip");
    (document.querySelector("main") || document.body).append(tip);
    // a screen reader needs the words before anything shows: each link is described by itself
    links.forEach((link) => link.setAttribute("aria-description", link.dataset.definition));
    document.addEventListener("pointerover", (event) => {
      const link = linkOf(event);
      if (link && event.pointerType !== "touch") { clearTimeout(timer); timer = setTimeout(() => show(link), 150); }
      else if (tip.contains(event.target)) clearTimeout(timer);
    });
    document.addEventListener("pointerout", (event) => {
      if (linkOf(event) || tip.contains(event.target)) { clearTimeout(timer); timer = setTimeout(hide, 250); }
    });
    document.addEventListener("focusin", (event) => {
      const link = linkOf(event);
      if (link && link.matches(":focus-visible")) show(link);
      else if (shown) hide();
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && shown) hide(); });
    ["resize", "scroll"].forEach((moved) => window.addEventListener(moved, () => { if (shown) hide(); }, { passive: true }));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
