/* Forms, runs and own patients of a live book: `python -m analysis serve` adds this to the pages that it serves.
   It sends what stands in a form, shows what the server says of it, and follows a run; nothing is checked or computed here. */
(function () {
  "use strict";
  const ROOT = document.currentScript.dataset.liveRoot;
  const at = (address) => new URL(ROOT + address, location.href).href;

  if (document.documentElement.dataset.mode === undefined) {
    // a page of the server's own: the mode that the book remembers
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    let mode = "auto";
    try {
      mode = localStorage.getItem("mode") || "auto";
    } catch {
      /* storage may be refused */
    }
    document.documentElement.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
  }

  // beside another page, a page shows its results alone
  if (window.self !== window.top) document.documentElement.classList.add("live-framed");

  async function send(address, content, method = "POST") {
    const file = content instanceof Blob;
    const answer = await fetch(at(address), { method, body: file ? content : JSON.stringify(content), headers: { "Content-Type": file ? "application/octet-stream" : "application/json" } });
    const type = answer.headers.get("Content-Type") || "";
    return { ok: answer.ok, status: answer.status, body: type.includes("json") ? await answer.json() : await answer.text() };
  }

  /* What stands in a form, as texts; several chosen values of a field are joined as several written ones are. */
  function texts(form) {
    const found = {};
    for (const control of form.querySelectorAll("[data-published]")) {
      const chosen = control.multiple ? [...control.selectedOptions].map((option) => option.value) : [control.value];
      found[control.name] = chosen.length > 1 ? chosen.map((value) => value || "none").join("; ") : chosen[0] || "";
    }
    return found;
  }

  function asked(form) {
    const study = form.querySelector("[name=study]");
    return { page: form.dataset.livePage, study: study ? study.value : "", values: texts(form) };
  }

  /* Faults beside their fields; true if there are any. `onlyOf` leaves the fields alone that nobody has touched. */
  function tell(form, faults, onlyOf) {
    let any = false;
    const unknown = [];
    for (const [name, message] of Object.entries(faults)) if (!form.querySelector(`[data-live-error="${CSS.escape(name)}"]`)) unknown.push(message);
    for (const place of form.querySelectorAll("[data-live-error]")) {
      const name = place.dataset.liveError;
      let message = faults[name] || "";
      if (name === "" && unknown.length) message = [message, ...unknown].filter(Boolean).join(" ");
      if (message && onlyOf && !onlyOf.has(name)) continue;
      place.textContent = message;
      place.hidden = !message;
      const control = name && form.elements.namedItem(name);
      if (control && control.setAttribute) message ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");
      any = any || Boolean(message);
    }
    return any;
  }

  function focusFault(form) {
    const first = form.querySelector("[aria-invalid=true]");
    if (first) first.focus();
    else form.querySelector('[data-live-error=""]').scrollIntoView({ block: "nearest" });
  }

  const many = (form) => Boolean(form.elements.namedItem("many") && form.elements.namedItem("many").checked);

  function mark(form) {
    for (const control of form.querySelectorAll("[data-published]")) {
      const field = control.closest(".live-field");
      if (field) field.classList.toggle("live-differs", texts(form)[control.name] !== control.dataset.published);
    }
  }

  /* Fields for several values: what is written into a number field is text then, and a choice takes several. */
  function toggleMany(form) {
    const several = many(form);
    form.querySelector(".live-many > div").hidden = !several;
    form.querySelector(".live-run").textContent = several ? "Run all" : "Run";
    for (const control of form.querySelectorAll("[data-published]")) {
      if (control.tagName === "SELECT") {
        control.multiple = several;
        control.size = several ? Math.min(4, control.options.length) : 0;
      } else if (control.hasAttribute("step")) control.type = several ? "text" : "number";
    }
    tell(form, {});
  }

  function seconds(left) {
    return left === null ? "" : left < 1 ? ", less than a second left" : `, about ${Math.round(left)} s left`;
  }

  function words(state) {
    if (state.state === "queued") return state.ahead ? `Waits; ${state.ahead} before it.` : "Waits for its turn.";
    if (state.step === "page") return `All ${state.of} cells done, the page is being made${seconds(state.left)}.`;
    if (state.state === "running") return state.of ? `Cell ${Math.min(state.done + 1, state.of)} of ${state.of}${seconds(state.left)}.` : "Starting.";
    return "";
  }

  /* Follow a run or a sweep to its end. */
  function follow(panel, address, ended) {
    const shown = panel.querySelector(".live-progress");
    const bar = shown.querySelector("progress");
    const status = shown.querySelector("[role=status]");
    const cancel = shown.querySelector(".live-cancel");
    shown.hidden = false;
    cancel.hidden = false;
    cancel.onclick = () => send(`${address}cancel`, {});
    const source = new EventSource(at(`${address}events`));
    let spoken = 0;
    source.onmessage = (event) => {
      const state = JSON.parse(event.data);
      bar.value = state.of ? state.done / (state.of + (state.total ? 0 : 1)) : 0;
      const open = state.state === "queued" || state.state === "running";
      if (!open || Date.now() - spoken > 900) {
        spoken = Date.now();
        status.textContent = open ? state.told || words(state) : state.message;
      }
      if (open) return;
      source.close();
      cancel.hidden = true;
      ended(state);
    };
    source.onerror = () => {
      source.close();
      cancel.hidden = true;
      status.textContent = "The server does not answer any more. Start it again; runs that were finished are gone.";
    };
    return source;
  }

  async function run(form) {
    const panel = form.closest(".live-panel");
    const button = form.querySelector(".live-run");
    button.disabled = true;
    const content = asked(form);
    const several = many(form);
    if (several) content.statistics = [...form.querySelectorAll("[name=statistic]:checked")].map((box) => box.value);
    const answer = await send(several ? "live/sweeps" : "live/runs", content).catch(() => ({ ok: false, body: "The server does not answer." }));
    if (!answer.ok) {
      button.disabled = false;
      tell(form, answer.body.faults || { "": answer.body });
      focusFault(form);
      return;
    }
    tell(form, {});
    if (several) {
      location.assign(at(answer.body.address));
      return;
    }
    follow(panel, answer.body.address, (state) => {
      button.disabled = false;
      if (state.page) location.assign(at(state.page));
      else if (tell(form, state.faults)) focusFault(form);
    });
  }

  function prepareForm(form) {
    const touched = new Set();
    let latest = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form);
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const control of form.querySelectorAll("[data-published]")) control.value = control.dataset.published;
      tell(form, {});
      mark(form);
    });
    form.addEventListener("change", async (event) => {
      if (event.target.name === "many") return toggleMany(form);
      if (!event.target.dataset || event.target.dataset.published === undefined) return;
      touched.add(event.target.name);
      mark(form);
      if (event.target.name === "study") return replace(form);
      if (many(form)) return;
      const turn = ++latest;
      const answer = await send("live/check", asked(form)).catch(() => null);
      if (answer && turn === latest) tell(form, answer.body.faults || {}, touched);
    });
    mark(form);
  }

  /* The form of another study. */
  async function replace(form) {
    const values = { study: form.querySelector("[name=study]").value };
    const answer = await send("live/form", { ...asked(form), values, root: ROOT });
    if (!answer.ok) return tell(form, answer.body.faults || { "": answer.body });
    const made = new DOMParser().parseFromString(answer.body, "text/html").querySelector(".live-panel");
    form.closest(".live-panel").replaceWith(made);
    prepareForm(made.querySelector("form"));
    made.querySelector("[name=study]").focus();
  }

  function prepareCopying() {
    for (const button of document.querySelectorAll(".live-copy")) {
      button.addEventListener("click", async () => {
        const code = button.previousElementSibling;
        try {
          await navigator.clipboard.writeText(code.textContent);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(code);
          button.textContent = "Selected: copy it with Ctrl-C";
        }
      });
    }
  }

  /* Two pages scroll together, by the heading that is on top. */
  function prepareBeside() {
    const frames = [...document.querySelectorAll(".live-beside iframe")];
    let leading = null;
    const headings = (frame) => [...frame.contentDocument.querySelectorAll("section[id]")];
    for (const frame of frames) {
      const start = () => {
        frame.contentWindow.addEventListener("pointerenter", () => (leading = frame), true);
        for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) frame.contentWindow.addEventListener(kind, () => (leading = frame), { passive: true });
        frame.contentWindow.addEventListener("scroll", () => {
          if (leading !== frame) return;
          const above = headings(frame).filter((one) => one.getBoundingClientRect().top < 120).pop();
          for (const other of frames) {
            const twin = other !== frame && above && other.contentDocument.getElementById(above.id);
            if (twin) other.contentWindow.scrollTo(0, twin.getBoundingClientRect().top + other.contentWindow.scrollY - above.getBoundingClientRect().top);
          }
        });
      };
      frame.addEventListener("load", start);
      if (frame.contentDocument && frame.contentDocument.readyState === "complete") start();
    }
  }

  /* What a mapping's form says: of each variable its keys and codes. */
  function mapping(form) {
    const entries = {};
    for (const row of form.querySelectorAll("[data-variable]")) {
      const entry = { codes: {} };
      for (const control of row.querySelectorAll("[data-key]")) entry[control.dataset.key] = control.value;
      for (const control of row.querySelectorAll("[data-code]")) if (control.value) entry.codes[control.dataset.code] = control.value;
      const named = row.querySelector("[data-column]");
      const [source, ...column] = entry.source.split(":");
      entry.source = source;
      if (source === "column") entry.column = column.join(":");
      else if (source === "" && named && Object.keys(entry.codes).length) Object.assign(entry, { source: "column", column: named.dataset.column });
      entries[row.dataset.variable] = entry;
    }
    const options = {};
    for (const control of form.querySelectorAll("[data-option]")) options[control.dataset.option] = control.value;
    return { study: form.dataset.liveStudy, entries, options };
  }

  function uploadFault(message) {
    const place = document.querySelector("[data-live-upload]");
    place.textContent = message;
    place.hidden = !message;
    if (message) place.scrollIntoView({ block: "nearest" });
  }

  const faultsTold = (answer) => (answer.body.faults ? Object.values(answer.body.faults).join(" ") : String(answer.body));

  /* Send something about own patients, then show the page anew, the focus where it was. */
  async function change(address, content, method, focus) {
    document.querySelector("main").setAttribute("aria-busy", "true");
    const answer = await send(address, content, method).catch(() => ({ ok: false, body: "The server does not answer." }));
    if (!answer.ok) {
      document.querySelector("main").removeAttribute("aria-busy");
      return uploadFault(faultsTold(answer));
    }
    const shown = await fetch(location.href.replace(/#.*/, ""));
    const main = new DOMParser().parseFromString(await shown.text(), "text/html").querySelector("main");
    document.querySelector("main").replaceWith(main);
    preparePatients();
    const again = (focus && document.getElementById(focus)) || main.querySelector(".live-verdict");
    if (again) {
      if (again.tabIndex < 0) again.tabIndex = -1;
      again.focus();
    }
  }

  function preparePatients() {
    const drop = document.querySelector(".live-drop");
    if (!drop) return;
    const take = (file) => {
      if (!file) return;
      if (file.size > 20 * 1024 * 1024) return uploadFault("The file is larger than 20 MB.");
      change(`live/patients?study=${encodeURIComponent(drop.dataset.liveStudy)}&name=${encodeURIComponent(file.name)}`, file, "PUT");
    };
    drop.querySelector("input").addEventListener("change", (event) => take(event.target.files[0]));
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("live-over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("live-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("live-over");
      take(event.dataTransfer.files[0]);
    });
    const forget = document.querySelector(".live-forget");
    if (forget) forget.addEventListener("click", () => change("live/patients/forget", { study: forget.dataset.liveStudy }, "POST"));
    const form = document.querySelector(".live-mapping");
    if (form) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        change("live/patients/mapping", mapping(form), "POST");
      });
      // another origin asks for other things: the server says which
      form.addEventListener("change", (event) => {
        if (event.target.dataset.key === "source") change("live/patients/mapping", mapping(form), "POST", event.target.id);
      });
    }
    const text = document.querySelector(".live-mapping-text");
    if (text) {
      text.addEventListener("submit", (event) => {
        event.preventDefault();
        change("live/patients/mapping", { study: text.dataset.liveStudy, text: text.querySelector("textarea").value }, "POST");
      });
    }
  }

  /* The comparing page of a sweep fills while its runs end. */
  function prepareSweep() {
    const sweep = document.querySelector(".live-sweep[data-live-open=true]");
    if (!sweep) return;
    const address = sweep.dataset.liveSweep;
    const renew = async () => {
      const text = await (await fetch(location.href)).text();
      const made = new DOMParser().parseFromString(text, "text/html").querySelector(".live-compared");
      if (made) sweep.querySelector(".live-compared").replaceWith(made);
    };
    let compared = -1;
    const source = follow(sweep, address, () => location.reload());
    source.addEventListener("message", (event) => {
      const state = JSON.parse(event.data);
      if (state.state === "running" && state.compared > compared && state.compared > 0) renew();
      compared = state.compared;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    prepareSweep();
    document.querySelectorAll(".live-form").forEach(prepareForm);
    preparePatients();
    const panel = document.getElementById("live-panel");
    if (panel && location.hash === "#live-panel") panel.open = true;
    prepareCopying();
    prepareBeside();
  });
})();
