/* Take a figure or a table away: a small menu at each. What makes the files (lazy/files.mjs) is loaded when one
   is asked for; jupyter-book would load whatever ends in .js on every page. */
(function () {
  "use strict";
  const here = document.currentScript.src;
  const FIGURE = [["svg", "SVG"], ["png 85", "PNG, 85 mm, 300 dpi"], ["png 178", "PNG, 178 mm, 300 dpi"]];
  const TABLE = [["copy", "Copy"], ["csv", "CSV"], ["xlsx", "Excel"], ["docx", "Word"], ["tex", "LaTeX"]];
  let makers;

  function files() {
    makers = makers || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL("lazy/files.mjs", here).href;
      script.onload = () => done(window.filesOfTheBook);
      script.onerror = failed;
      document.head.append(script);
    });
    return makers;
  }

  function offer(menu, exhibit, kinds) {
    const line = document.createElement("p");
    line.className = "exhibit-data";
    kinds.forEach(([kind, words]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      button.addEventListener("click", () => {
        const told = (text) => {
          button.textContent = text;
          setTimeout(() => { button.textContent = words; }, 2000);
        };
        files().then((made) => made.take(exhibit, kind)).then(() => told(kind === "copy" ? "Copied" : words), () => told("That did not work"));
      });
      line.append(button, " ");
    });
    menu.append(line);
  }

  function start() {
    document.querySelectorAll(".exhibit-figure .exhibit-save").forEach((menu) => offer(menu, menu.closest(".exhibit"), FIGURE));
    document.querySelectorAll(".exhibit-table, .exhibit-listing").forEach((exhibit) => {
      if (!exhibit.querySelector("table") || exhibit.querySelector(":scope > .exhibit-save")) return;
      const menu = document.createElement("details");
      menu.className = "exhibit-save";
      menu.innerHTML = "<summary>Copy or save this table</summary>";
      menu.addEventListener("toggle", () => offer(menu, exhibit, TABLE), { once: true });
      exhibit.append(menu);
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
