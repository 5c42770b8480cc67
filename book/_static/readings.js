/* One switch a page: the paper's tables and figures as printed, as recomputed, or both with what differs lit. */
(function () {
  "use strict";
  const WAYS = [["both", "both, differences marked"], ["printed", "as printed"], ["recomputed", "as recomputed"]];

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
      choice.addEventListener("change", () => { document.documentElement.dataset.numbers = way; });
      label.append(choice, words);
      set.append(label);
    });
    exhibit.before(set);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
