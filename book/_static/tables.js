/* Tables that are loaded when a reader asks for them. A page opened from a file may load a script and may not
   fetch: so each such table lies beside the page as a script too, which files its content under its own address. */
(function () {
  "use strict";
  const asked = new Map();

  /* What the script at an address files; rejected where there is none. */
  function load(address) {
    if (!asked.has(address)) {
      asked.set(address, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = () => (script.src in (window.bookTables || {}) ? done(window.bookTables[script.src]) : failed(new Error(address)));
        script.onerror = () => failed(new Error(address));
        document.head.append(script);
      }));
    }
    return asked.get(address);
  }

  /* Rows of a CSV text as objects, all values text. */
  function rows(csv) {
    const found = [[]];
    for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
      found[found.length - 1].push(quoted === undefined ? plain : quoted.replace(/""/g, '"'));
      if (end !== ",") found.push([]);
    }
    const [head, ...body] = found;
    return body.filter((row) => row.length === head.length).map((row) => Object.fromEntries(row.map((cell, place) => [head[place], cell])));
  }

  window.tablesOfTheBook = { load, rows };
})();
