/* Survival curves to be explored: the still figure, drawn again from the tables that its page offers as CSV.
   A month, chosen with the pointer or the arrow keys, tells each group's estimate, interval and number at risk;
   bands can be shown and hidden, and a stretch of time enlarged. The still figure stays what is printed. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const WIDEST = 640, NARROWEST = 280, LEFT = 52, RIGHT = 16, TOP = 12, BOTTOM = 44;
  const STEPS = { months: [0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120, 240], years: [3, 6, 12, 24, 36, 60, 120, 240] }; // months between ticks
  const NEAR = 1e-6; // a month typed or drawn may differ from an observed one in its last bits
  let count = 0;

  function element(name, attributes, ...inside) {
    const made = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...inside);
    return made;
  }

  function drawn(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const value = (text) => (text === "" || text === undefined ? NaN : Number(text));
  const shown = (number) => (Number.isFinite(number) ? number.toFixed(1) : "—");

  /* The tables of a figure, by title. Where the book is one page its tables stand in their links. */
  function tables(figure) {
    const { load, rows } = window.tablesOfTheBook;
    const links = Array.from(figure.querySelectorAll("a[data-frame]"));
    return Promise.all(links.map((link) => {
      const carried = /^data:text\/csv[^,]*,(.*)$/s.exec(link.getAttribute("href"));
      const csv = carried ? Promise.resolve(decodeURIComponent(carried[1])) : load(link.href.replace(/\.csv$/, ".js"));
      return csv.then((text) => [link.dataset.frame, rows(text)]);
    })).then(Object.fromEntries);
  }

  function groupsOf(found, plot) {
    const groups = new Map();
    const at = (label) => groups.get(label) || groups.set(label, { label, steps: [], range: [], printed: [] }).get(label);
    found["curve steps"].forEach((row) => at(row.group).steps.push({
      time: value(row.time), risk: value(row.at_risk), events: value(row.events), censored: value(row.censored),
      y: value(row[plot.value]), low: value(row.lower), high: value(row.upper),
    }));
    (found["range over cohorts"] || []).forEach((row) => at(row.group).range.push({ time: value(row.time), low: value(row.low), high: value(row.high) }));
    (found["printed estimates"] || []).forEach((row) => at(row.group).printed.push({
      time: value(row.time), y: value(row.estimate), low: value(row.low), high: value(row.high),
    }));
    groups.forEach((group) => { group.end = group.steps.length ? group.steps[group.steps.length - 1].time : 0; });
    return Array.from(groups.values());
  }

  const stepAt = (steps, month) => steps.filter((step) => step.time <= month + NEAR).pop();

  function reading(group, month, plot) {
    const step = stepAt(group.steps, month);
    const next = group.steps.find((other) => other.time >= month - NEAR);
    const start = plot.value === "survival" ? 100 : 0;
    const last = group.steps[group.steps.length - 1];
    const over = !last || (month > last.time + NEAR && !(plot.value === "survival" && last.y <= 0));
    const range = stepAt(group.range, month);
    return {
      y: over ? NaN : step ? step.y : start,
      low: over || !step ? NaN : step.low,
      high: over || !step ? NaN : step.high,
      risk: next ? next.risk : 0,
      events: group.steps.reduce((sum, other) => sum + (other.time <= month + NEAR ? other.events : 0), 0),
      range: range && Number.isFinite(range.low) ? [range.low, range.high] : null,
      over,
    };
  }

  class Explorer {
    constructor(figure, plot, groups) {
      Object.assign(this, { figure, plot, groups, from: 0, to: plot.horizon, month: 0, id: `explorer-${++count}` });
      this.hidden = new Set();
      this.root = element("div", { class: "explorer", role: "group", "aria-label": `${plot.title}, to be explored` });
      if (plot.notice) this.root.append(element("p", { class: "explorer-notice" }, plot.notice));
      if (plot.annotations.length) this.root.append(element("p", { class: "explorer-annotations" }, plot.annotations.join("; ")));
      this.svg = drawn("svg", { class: "explorer-plot", role: "img", "aria-label": `${plot.title}; the table below tells its values` });
      this.root.append(this.svg, ...(plot.counted ? [this.riskTable()] : []), this.controls(), this.table());
      this.pointers();
      this.fit(WIDEST);
      this.tell(plot.start);
      // drawn to the width at hand, so that its words stay as large on a phone
      new ResizeObserver(() => this.fit(this.root.clientWidth)).observe(this.root);
    }

    fit(width) {
      const wide = Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
      if (!width || wide === this.wide) return;
      Object.assign(this, { wide, high: Math.round(Math.max(260, wide * 0.62)) });
      this.svg.setAttribute("viewBox", `0 0 ${this.wide} ${this.high}`);
      this.draw();
    }

    x(month) { return LEFT + ((month - this.from) / (this.to - this.from)) * (this.wide - LEFT - RIGHT); }
    share(percent, unit = "") {
      return this.plot.proportion && Number.isFinite(percent) ? (percent / 100).toFixed(3) : `${shown(percent)}${unit}`;
    }

    y(percent) { return TOP + (1 - percent / 100) * (this.high - TOP - BOTTOM); }

    controls() {
      const row = element("div", { class: "explorer-controls" });
      this.slider = element("input", { type: "range", min: 0, max: this.plot.horizon, step: this.plot.horizon > 120 ? 1 : 0.5, value: 0, id: `${this.id}-month` });
      this.slider.addEventListener("input", () => this.tell(Number(this.slider.value)));
      row.append(element("label", { for: this.slider.id, class: "explorer-month" }, "Month ", this.slider));
      const kinds = [["band", this.plot.interval], ["range", this.plot.sampled], ["printed", "Printed estimates"]];
      kinds.filter(([kind, words]) => words && this.has(kind)).forEach(([kind, words]) => {
        const box = element("input", { type: "checkbox" });
        box.checked = true;
        box.addEventListener("change", () => { this.hidden[box.checked ? "delete" : "add"](kind); this.draw(); });
        row.append(element("label", {}, box, ` ${words}`));
      });
      const button = (words, act) => {
        const made = element("button", { type: "button" }, words);
        made.addEventListener("click", act);
        row.append(made);
      };
      button("Enlarge", () => this.zoom(0.5));
      button("Reduce", () => this.zoom(2));
      button("Whole", () => this.window(0, this.plot.horizon));
      return row;
    }

    has(kind) {
      return this.groups.some((group) => (kind === "band" ? group.steps.some((step) => Number.isFinite(step.low)) : group[kind].length));
    }

    table() {
      const events = this.groups.some((group) => group.steps.some((step) => Number.isFinite(step.events)));
      const heads = ["Group", this.plot.ylabel, this.has("band") && this.plot.interval, this.has("range") && this.plot.sampled, "At risk", events && "Events so far"];
      this.columns = heads.map(Boolean);
      this.caption = element("caption");
      const head = element("tr", {}, ...heads.filter(Boolean).map((words) => element("th", { scope: "col" }, words)));
      this.cells = this.groups.map((group, index) => {
        const line = drawn("svg", { viewBox: "0 0 28 8", class: "explorer-key", "aria-hidden": "true" });
        line.append(drawn("path", { d: "M0 4H28", class: `curve g${index % 8}` }));
        const name = element("th", { scope: "row" });
        name.append(line, ` ${group.label}`);
        return element("tr", {}, name, ...heads.slice(1).filter(Boolean).map(() => element("td")));
      });
      const table = element("table", {}, this.caption, element("thead", {}, head), element("tbody", {}, ...this.cells));
      return element("div", { class: "exhibit-scroll exhibit-table explorer-values", role: "region", tabindex: 0, "aria-label": `${this.plot.title}, values at the chosen month` }, table);
    }

    riskTable() {
      const times = this.plot.ticks.map((tick) => element("th", { scope: "col" }, Math.round((tick / this.plot.months) * 10) / 10));
      const head = element("tr", {}, element("th", { scope: "col" }, `At risk (${this.plot.unit})`), ...times);
      const rows = this.groups.map((group) => element("tr", {}, element("th", { scope: "row" }, group.label),
        ...this.plot.ticks.map((tick) => element("td", {}, reading(group, tick, this.plot).risk))));
      const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
      return element("div", { class: "exhibit-scroll exhibit-table explorer-risk", role: "region", tabindex: 0, "aria-label": `${this.plot.title}, numbers at risk` }, table);
    }

    tell(month) {
      this.month = Math.max(0, Math.min(this.plot.horizon, month));
      const at = `${Math.round(this.month * 10) / 10} months`;
      this.slider.value = this.month;
      this.caption.textContent = `At ${at}`;
      const spoken = this.groups.map((group, index) => {
        const told = reading(group, this.month, this.plot);
        const texts = [
          told.over ? "beyond follow-up" : this.share(told.y, "%"),
          Number.isFinite(told.low) ? `${this.share(told.low)} to ${this.share(told.high)}` : "—",
          told.range ? Array.from(new Set(told.range.map((end) => this.share(end)))).join(" to ") : "—",
          String(told.risk),
          String(told.events),
        ].filter((_, place) => this.columns[place + 1]);
        texts.forEach((text, place) => { this.cells[index].cells[place + 1].textContent = text; });
        return `${group.label} ${texts[0]}, ${told.risk} at risk`;
      });
      this.slider.setAttribute("aria-valuetext", `${at}: ${spoken.join("; ")}`);
      this.cursor();
    }

    cursor() {
      if (!this.mark) return;
      const inside = this.month >= this.from - NEAR && this.month <= this.to + NEAR;
      this.mark.setAttribute("visibility", inside ? "visible" : "hidden");
      this.mark.setAttribute("transform", `translate(${this.x(this.month)} 0)`);
      this.mark.querySelectorAll("circle").forEach((dot, index) => {
        const told = reading(this.groups[index], this.month, this.plot);
        dot.setAttribute("visibility", inside && !told.over ? "visible" : "hidden");
        dot.setAttribute("cy", Number.isFinite(told.y) ? this.y(told.y) : 0);
      });
    }

    zoom(factor) {
      const width = Math.min(this.plot.horizon, Math.max(1, (this.to - this.from) * factor));
      const centre = this.month >= this.from && this.month <= this.to ? this.month : (this.from + this.to) / 2;
      const from = Math.max(0, Math.min(this.plot.horizon - width, centre - width / 2));
      this.window(from, from + width);
    }

    window(from, to) {
      Object.assign(this, { from, to });
      this.draw();
    }

    /* A pointer chooses a month; dragged along, it enlarges the stretch between. */
    pointers() {
      const month = (event) => {
        const box = this.svg.getBoundingClientRect();
        const along = ((event.clientX - box.left) / box.width) * this.wide;
        return Math.max(this.from, Math.min(this.to, this.from + ((along - LEFT) / (this.wide - LEFT - RIGHT)) * (this.to - this.from)));
      };
      let start = null;
      this.svg.addEventListener("pointerdown", (event) => { start = event.pointerType === "touch" ? null : month(event); this.tell(month(event)); });
      this.svg.addEventListener("pointermove", (event) => {
        this.tell(month(event));
        if (start !== null) this.stretch(start, this.month);
      });
      this.svg.addEventListener("pointerup", (event) => {
        const ends = start === null ? [0, 0] : [start, month(event)].sort((a, b) => a - b);
        start = null;
        this.stretch(0, 0);
        if (ends[1] - ends[0] > (this.to - this.from) / 40) this.window(Math.min(ends[0], this.plot.horizon - 1), Math.max(ends[1], ends[0] + 1));
      });
      this.svg.addEventListener("pointerleave", () => { start = null; this.stretch(0, 0); });
    }

    stretch(one, other) {
      const [from, to] = [one, other].sort((a, b) => a - b);
      this.chosen.setAttribute("x", this.x(Math.max(from, this.from)));
      this.chosen.setAttribute("width", to > from ? this.x(to) - this.x(from) : 0);
    }

    path(points) {
      let d = "", pen = false;
      points.forEach(({ time, y }) => {
        const x = this.x(time).toFixed(2);
        if (!Number.isFinite(y)) { if (pen) d += `H${x}`; pen = false; return; }
        d += pen ? `H${x}V${this.y(y).toFixed(2)}` : `M${x} ${this.y(y).toFixed(2)}`;
        pen = true;
      });
      return d;
    }

    area(points) {
      const known = points.filter((point) => Number.isFinite(point.low) && Number.isFinite(point.high));
      if (known.length < 2) return "";
      const upper = this.path(known.map(({ time, high }) => ({ time, y: high })));
      const corners = [];
      known.forEach(({ time, low }, place) => {
        if (place) corners.push([time, known[place - 1].low]);
        corners.push([time, low]);
      });
      return `${upper}${corners.reverse().map(([time, low]) => `L${this.x(time).toFixed(2)} ${this.y(low).toFixed(2)}`).join("")}Z`;
    }

    draw() {
      const start = this.plot.value === "survival" ? 100 : 0;
      const inner = drawn("g", { "clip-path": `url(#${this.id}-clip)` });
      const clip = drawn("clipPath", { id: `${this.id}-clip` });
      clip.append(drawn("rect", { x: LEFT - 8, y: TOP - 8, width: this.wide - LEFT - RIGHT + 16, height: this.high - TOP - BOTTOM + 16 }));
      this.chosen = drawn("rect", { class: "explorer-chosen", x: 0, y: TOP, width: 0, height: this.high - TOP - BOTTOM });
      inner.append(this.chosen);
      this.groups.forEach((group, index) => {
        const style = `g${index % 8}`;
        if (!group.steps.length) return;
        const end = Math.min(this.plot.horizon, group.end);
        const close = (points) => {
          const kept = points.filter((point) => point.time <= end);
          return kept.length ? [...kept, { ...kept[kept.length - 1], time: end }] : kept;
        };
        if (!this.hidden.has("range")) inner.append(drawn("path", { class: "sampled", style: `fill: url(#${this.id}-hatch)`, d: this.area(group.range.filter((point) => point.time <= this.plot.horizon)) }));
        if (!this.hidden.has("band")) {
          const steps = close(group.steps);
          inner.append(drawn("path", { class: `band ${style}`, d: this.area(steps) }));
          ["low", "high"].forEach((end) => inner.append(drawn("path", { class: `limit ${style}`, d: this.path(steps.map((step) => ({ time: step.time, y: step[end] }))) })));
        }
        inner.append(drawn("path", { class: `curve ${style}`, d: this.path([{ time: 0, y: start }, ...close(group.steps)]) }));
        const ticks = group.steps.filter((step) => step.censored > 0 && step.time <= end).map((step) => `M${this.x(step.time)} ${this.y(step.y) - 4}v8`);
        if (ticks.length) inner.append(drawn("path", { class: `censored ${style}`, d: ticks.join("") }));
        if (!this.hidden.has("printed")) group.printed.forEach((point) => {
          const x = this.x(point.time), y = this.y(point.y);
          if (Number.isFinite(point.low)) inner.append(drawn("path", { class: `bar ${style}`, d: `M${x} ${this.y(point.low)}V${this.y(point.high)}` }));
          inner.append(drawn("path", { class: `printed ${style}`, d: `M${x} ${y - 5}l5 5l-5 5l-5 -5Z` }));
        });
      });
      this.mark = drawn("g", { class: "explorer-cursor" });
      this.mark.append(drawn("path", { d: `M0 ${TOP}V${this.high - BOTTOM}` }));
      this.groups.forEach((_, index) => this.mark.append(drawn("circle", { class: `g${index % 8}`, r: 4.5 })));
      // an interval is tinted and a range over cohorts hatched: they never look alike
      const hatch = drawn("pattern", { id: `${this.id}-hatch`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
      hatch.append(drawn("path", { class: "hatch", d: "M0 0V6" }));
      const defs = drawn("defs", {});
      defs.append(clip, hatch);
      this.svg.replaceChildren(defs, this.axes(), inner, this.mark);
      this.cursor();
    }

    axes() {
      const group = drawn("g", { class: "explorer-axes" });
      const foot = this.high - BOTTOM;
      group.append(drawn("path", { d: `M${LEFT} ${TOP}V${foot}H${this.wide - RIGHT}` }));
      for (let percent = 0; percent <= 100; percent += 20) {
        group.append(drawn("path", { d: `M${LEFT - 5} ${this.y(percent)}h5` }), drawn("text", { x: LEFT - 9, y: this.y(percent) + 4.5, "text-anchor": "end" }, this.plot.proportion ? percent / 100 : percent));
      }
      const unit = this.plot.months; // months in one unit of the axis
      const fits = (width) => (this.to - this.from) / width <= (this.wide - LEFT - RIGHT) / 45;
      const step = STEPS[this.plot.unit].find(fits) || this.to - this.from;
      for (let month = Math.ceil(this.from / step - NEAR) * step; month <= this.to + NEAR; month += step) {
        group.append(drawn("path", { d: `M${this.x(month)} ${foot}v5` }), drawn("text", { x: this.x(month), y: foot + 20, "text-anchor": "middle" }, Math.round((month / unit) * 100) / 100));
      }
      group.append(drawn("text", { x: (LEFT + this.wide - RIGHT) / 2, y: this.high - 6, "text-anchor": "middle" }, this.plot.xlabel));
      group.append(drawn("text", { transform: `translate(13 ${(TOP + foot) / 2}) rotate(-90)`, "text-anchor": "middle" }, this.plot.ylabel));
      return group;
    }
  }

  function start() {
    document.querySelectorAll("figure[data-plot]").forEach((figure) => {
      const plot = JSON.parse(figure.dataset.plot);
      const still = figure.querySelector(".figure-pair");
      const button = element("button", { type: "button", class: "explorer-toggle", "aria-expanded": "false", "aria-label": `Explore the figure: ${plot.title}` }, "Explore the figure");
      let explorer = null;
      button.addEventListener("click", () => {
        const open = button.getAttribute("aria-expanded") !== "true";
        const show = () => {
          button.setAttribute("aria-expanded", String(open));
          button.textContent = open ? "Back to the still figure" : "Explore the figure";
          button.setAttribute("aria-label", `${button.textContent}: ${plot.title}`);
          figure.classList.toggle("explored", open);
          if (explorer) explorer.root.hidden = !open;
        };
        if (explorer) { show(); return; }
        tables(figure).then((found) => {
          explorer = new Explorer(figure, plot, groupsOf(found, plot));
          still.after(explorer.root);
          show();
        }).catch(() => {
          button.disabled = true;
          button.textContent = "The figure’s data could not be loaded";
        });
      });
      still.after(button);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
