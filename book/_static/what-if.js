/* Panels *What if?*: a slider over the rows of a table that the build has computed. A row is shown in its sentence and, where it
   carries curves, in a drawing; nothing is computed here. Without this script the table shows all rows. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 640, HIGH = 300, LEFT = 46, RIGHT = 12, TOP = 10, BOTTOM = 36;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");

  function element(name, attributes, text) {
    const made = name === "svg" || attributes.svg ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (key !== "svg") made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* A drawing of steps: axes once, curves anew for each row; those of the page's own row stay as a dotted line. */
  function plot(panel, first) {
    const horizon = Number(panel.dataset.horizon);
    const x = (time) => LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, time / horizon);
    const y = (share) => TOP + (HIGH - TOP - BOTTOM) * (1 - share / 100);
    const svg = element("svg", { class: "what-if-plot", viewBox: `0 0 ${WIDTH} ${HIGH}`, "aria-hidden": "true" });
    const add = (name, attributes, text) => svg.append(element(name, { svg: true, ...attributes }, text));
    for (const share of [0, 25, 50, 75, 100]) {
      add("path", { class: "what-if-grid", d: `M${LEFT} ${y(share)}H${WIDTH - RIGHT}` });
      add("text", { x: LEFT - 6, y: y(share) + 4, "text-anchor": "end" }, `${share}%`);
    }
    const step = horizon > 60 ? 24 : horizon > 24 ? 12 : 6;
    for (let time = 0; time <= horizon; time += step) add("text", { x: x(time), y: HIGH - BOTTOM + 16, "text-anchor": "middle" }, String(time));
    add("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HIGH - 4, "text-anchor": "middle" }, "Months");
    const path = ([times, shares]) => {
      let d = `M${x(0)} ${y(100)}`;
      times.forEach((time, place) => {
        if (time <= horizon) d += `H${x(time)}V${y(shares[place])}`;
      });
      return d + `H${x(horizon)}`;
    };
    Object.values(first).forEach((curve) => add("path", { class: "what-if-page", d: path(curve) }));
    const drawn = new Map();
    const key = element("p", { class: "what-if-key" });
    Object.keys(first).forEach((label, place) => {
      const curve = element("path", { svg: true, class: `what-if-curve what-if-group-${place % 4}` });
      svg.append(curve);
      drawn.set(label, curve);
      key.append(element("span", { class: `what-if-group-${place % 4}` }, label));
    });
    key.append(element("span", { class: "what-if-page" }, "the page’s cohort"));
    return { parts: [svg, key], show: (curves) => drawn.forEach((curve, label) => curve.setAttribute("d", curves[label] ? path(curves[label]) : "")) };
  }

  function prepare(panel, number) {
    const rows = [...panel.querySelectorAll("tbody tr")];
    const id = `what-if-${number}`;
    const label = element("label", { for: id }, panel.dataset.of);
    const slider = element("input", { type: "range", id, min: 0, max: rows.length - 1, step: 1, value: 0 });
    const said = element("p", { class: "what-if-said", role: "status" });
    const controls = element("div", { class: "what-if-controls" });
    controls.append(label, slider);
    const carried = rows[0].dataset.curves ? plot(panel, JSON.parse(rows[0].dataset.curves)) : null;
    const show = () => {
      const row = rows[Number(slider.value)];
      rows.forEach((other) => other.toggleAttribute("data-chosen", other === row));
      said.textContent = row.dataset.said;
      slider.setAttribute("aria-valuetext", row.cells[0].textContent);
      if (carried) carried.show(JSON.parse(row.dataset.curves || "{}"));
    };
    slider.addEventListener("input", show);
    if (carried && rows.length > 2) {
      const play = element("button", { type: "button", "aria-pressed": "false" }, "Play");
      let timer = 0;
      const stop = () => {
        clearInterval(timer);
        timer = 0;
        said.setAttribute("role", "status");
        play.textContent = "Play";
        play.setAttribute("aria-pressed", "false");
      };
      play.addEventListener("click", () => {
        if (timer) return stop();
        said.removeAttribute("role"); // not every cohort is read out
        play.textContent = "Stop";
        play.setAttribute("aria-pressed", "true");
        timer = setInterval(() => {
          slider.value = (Number(slider.value) + 1) % rows.length;
          show();
        }, reduced.matches ? 2000 : 400);
      });
      slider.addEventListener("pointerdown", stop);
      slider.addEventListener("keydown", stop);
      panel.addEventListener("toggle", () => panel.open || stop());
      controls.append(play);
    }
    const whole = element("details", { class: "what-if-all" });
    whole.append(element("summary", {}, `All ${rows.length} choices`), panel.querySelector(".exhibit-scroll"));
    panel.append(controls, said, ...(carried ? carried.parts : []), whole);
    show();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("details.what-if").forEach(prepare));
})();
