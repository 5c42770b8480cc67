/* One switch a page: the paper's numbers printed, recomputed, or both. */
(function () {
  "use strict";
  const WAYS = [["both", "both, differences marked"], ["printed", "as printed"], ["recomputed", "as recomputed"]];

  /* Without curves a figure ends below its words. */
  function fit(one, way) {
    const box = (one.dataset.box ||= one.getAttribute("viewBox")).split(" "), at = (e) => e.getBoundingClientRect(), all = at(one);
    const to = Array.from(one.querySelectorAll("text"), at).filter((e) => e.width).map((e) => e.bottom);
    if (way === "printed" && to[0]) box[3] *= (Math.max(...to) - all.top) / all.height;
    one.setAttribute("viewBox", box.join(" "));
    one.style.aspectRatio = `${box[2]} / ${box[3]}`;
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
        document.querySelectorAll(".figure-pair svg:has(.as-printed)").forEach((one) => fit(one, way));
      });
      label.append(choice, words);
      set.append(label);
    });
    exhibit.before(set);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
