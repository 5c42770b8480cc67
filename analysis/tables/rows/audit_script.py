"""The script of the audit page: search, filters, sorting. Plain JavaScript, no library, no network."""

#: ``AUDIT`` stands for the id of the page's root element.
SCRIPT = """(function () {
  "use strict";
  const root = document.getElementById("AUDIT");
  if (!root || root.dataset.ready) return;
  root.dataset.ready = "yes";
  const form = root.querySelector("form");
  const body = root.querySelector("tbody");
  const rows = Array.from(body.rows);
  const place = new Map(rows.map((row, index) => [row, index]));
  const filed = rows.map((row) => row.dataset.f.split(" "));
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const search = form.querySelector("input");
  const selects = Array.from(form.querySelectorAll("select"));
  const status = form.querySelector("[role=status]");

  function refresh() {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      const kept =
        words.every((word) => texts[index].includes(word)) &&
        selects.every((select) => !select.value || select.value === filed[index][Number(select.dataset.filter)]);
      row.hidden = !kept;
      count += kept;
    });
    status.textContent = count + " of " + rows.length + " numbers";
  }

  function sort(button) {
    const head = button.closest("th");
    const column = Number(button.dataset.column);
    const direction = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    root.querySelectorAll("th[aria-sort]").forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const value = (row) =>
      column === 0 ? place.get(row) : column === 3 ? Number(filed[place.get(row)][0]) : Number(row.cells[column].dataset.sort ?? row.cells[column].textContent);
    const compare = (a, b) => {
      const x = value(a), y = value(b);
      if (x === y) return place.get(a) - place.get(b);
      if (!isFinite(x)) return 1;
      if (!isFinite(y)) return -1;
      return sign * (x - y);
    };
    body.append(...rows.slice().sort(compare));
  }

  function reveal() {
    const id = decodeURIComponent(location.hash.slice(1));
    const row = id && rows.find((candidate) => candidate.id === id);
    rows.forEach((other) => other.classList.toggle("target", other === row));
    if (!row) return;
    if (row.hidden) { form.reset(); refresh(); }
    row.scrollIntoView({ block: "center" });
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", refresh);
  form.addEventListener("reset", () => setTimeout(refresh));
  root.querySelectorAll(".audit-sort").forEach((button) => button.addEventListener("click", () => sort(button)));
  window.addEventListener("hashchange", reveal);
  refresh();
  reveal();
})();"""
