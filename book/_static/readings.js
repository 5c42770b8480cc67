/* One switch a page: the numbers of the paper's tables as printed, as recomputed, or both with what differs lit. */
(function () {
  "use strict";
  const WAYS = [["both", "both, differences marked"], ["printed", "as printed"], ["recomputed", "as recomputed"]];

  function start() {
    const first = document.querySelector(".exhibit-number .as-printed, .exhibit-listing");
    const exhibit = first && first.closest(".exhibit");
    if (!exhibit || !document.querySelector(".exhibit-number .as-printed")) return;
    const set = document.createElement("fieldset");
    set.className = "readings";
    set.innerHTML = "<legend>Numbers of the paper’s tables:</legend>";
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
