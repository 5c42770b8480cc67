/* One switch a page: the paper's tables and figures as printed, as recomputed, or both with what differs lit. */
(function () {
  "use strict";
  const WAYS = [["both", "both, differences marked"], ["printed", "as printed"], ["recomputed", "as recomputed"]];

  /* A figure without its curves ends below what is left: the room of its risk table is given back to the page. */
  function fit(drawing, way) {
    const whole = drawing.dataset.whole || (drawing.dataset.whole = drawing.getAttribute("viewBox"));
    if (!whole) return;
    const [x, y, width, height] = whole.split(" ").map(Number);
    drawing.setAttribute("viewBox", whole);
    drawing.style.aspectRatio = "";
    const parts = Array.from(drawing.querySelectorAll("text")).map((one) => one.getBoundingClientRect()).filter((one) => one.height);
    if (way !== "printed" || !parts.length) return;
    const frame = drawing.getBoundingClientRect();
    const bottom = Math.max(...parts.map((one) => one.bottom)) - frame.top;
    const left = Math.min(height, (bottom / frame.height) * height + 6);
    drawing.setAttribute("viewBox", `${x} ${y} ${width} ${left}`);
    drawing.style.aspectRatio = `${width} / ${left}`;
  }

  function start() {
    const shown = ".exhibit-number .as-printed, .figure-pair .as-printed";
    const first = Array.from(document.querySelectorAll(`${shown}, .exhibit-listing`)).find((one) => !one.closest(".study-card"));
    if (!first || !Array.from(document.querySelectorAll(shown)).some((one) => !one.closest(".study-card"))) return;
    const exhibit = first.closest(".exhibit");
    const set = document.createElement("fieldset");
    set.className = "readings";
    set.innerHTML = "<legend>Tables and figures of the paper:</legend>";
    WAYS.forEach(([way, words], place) => {
      const label = document.createElement("label"), choice = document.createElement("input");
      Object.assign(choice, { type: "radio", name: "readings", value: way, checked: !place });
      choice.addEventListener("change", () => {
        document.documentElement.dataset.numbers = way;
        document.querySelectorAll(".figure-pair svg:has(.as-printed)").forEach((drawing) => fit(drawing, way));
      });
      label.append(choice, words);
      set.append(label);
    });
    exhibit.before(set);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
