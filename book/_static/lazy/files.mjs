/* Figures and tables as files, made in the browser from what the page shows: nothing is fetched, and it works from a file. */
(function () {
  "use strict";
  const here = document.currentScript.src;
  const INCH = 25.4, DPI = 300;
  const xml = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

  function save(name, data, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([data], { type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* ---- figures ---- */

  /* The drawing as a document of its own, in light colours; the broad one where it is to be broad. */
  function standalone(figure, fonts, broad) {
    const pair = figure.querySelector(".figure-pair");
    const chosen = (broad && pair.querySelector("svg.broad")) || pair.querySelector("svg");
    const sheet = chosen.querySelector(":scope > style").textContent;
    const colours = Object.fromEntries(Array.from(/^\.figure-pair\{([^}]*)\}/.exec(sheet)[1].matchAll(/(--[\w-]+):([^;]+)/g), (found) => found.slice(1)));
    const drawing = chosen.cloneNode(true);
    drawing.querySelector(":scope > style").remove();
    const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const words = drawing.getAttribute("aria-label");
    ["class", "role", "aria-label"].forEach((name) => drawing.removeAttribute(name));
    drawing.setAttribute("width", `${width}pt`);
    drawing.setAttribute("height", `${height}pt`);
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = (fonts || "") + (sheet.match(/#[\w-]+ \.\w+\{[^}]*\}/g) || []).join("");
    const told = document.createElementNS("http://www.w3.org/2000/svg", "desc");
    told.textContent = words;
    drawing.prepend(told, style);
    const text = new XMLSerializer().serializeToString(drawing).replace(/var\((--[\w-]+)\)/g, (all, name) => colours[name]);
    return { text, width, height };
  }

  const FACES = [["DejaVuSans.ttf", ""], ["DejaVuSans-Bold.ttf", "font-weight:700;"], ["DejaVuSans-Oblique.ttf", "font-style:italic;"]];

  async function png(figure, millimetres) {
    const found = await window.tablesOfTheBook.load(new URL("../fonts/fonts.mjs", here).href);
    const faces = FACES.map(([file, look]) => `@font-face{font-family:"DejaVu Sans Book";${look}src:url(data:font/ttf;base64,${found[file]})}`);
    const { text, width, height } = standalone(figure, faces.join(""), millimetres > 120);
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round((millimetres / INCH) * DPI);
    canvas.height = Math.round((canvas.width * height) / width);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    return withResolution(new Uint8Array(await blob.arrayBuffer()));
  }

  /* A PNG that says how many dots it has in a metre: the chunk pHYs behind the header. */
  function withResolution(bytes) {
    const chunk = new Uint8Array(21), view = new DataView(chunk.buffer), dots = Math.round((DPI / INCH) * 1000);
    view.setUint32(0, 9);
    chunk.set([112, 72, 89, 115], 4);
    view.setUint32(8, dots);
    view.setUint32(12, dots);
    chunk[16] = 1;
    view.setUint32(17, crc(chunk.subarray(4, 17)));
    const made = new Uint8Array(bytes.length + chunk.length);
    made.set(bytes.subarray(0, 33));
    made.set(chunk, 33);
    made.set(bytes.subarray(33), 33 + chunk.length);
    return made;
  }

  /* ---- tables ---- */

  /* What a reader sees of a cell, without the marks of verdicts. */
  function words(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(".verdict-mark, script, style")) return "";
    const { display } = getComputedStyle(node), inside = display === "none" ? "" : Array.from(node.childNodes, words).join("");
    return /^(inline|table-cell|table-caption)/.test(display) && node.tagName !== "BR" ? inside : ` ${inside} `;
  }

  const tidy = (text) => text.replace(/\u00a0/g, " ").replace(/\s+/g, " ").trim();

  function read(exhibit) {
    const table = exhibit.querySelector("table");
    const rows = Array.from(table.rows).filter((row) => getComputedStyle(row).display !== "none").map((row) => ({
      head: row.parentNode.tagName === "THEAD",
      cells: Array.from(row.cells, (cell) => ({ text: tidy(words(cell)), head: cell.tagName === "TH", across: cell.colSpan })),
    }));
    const columns = Math.max(...rows.map((row) => row.cells.reduce((sum, cell) => sum + cell.across, 0)));
    const notes = Array.from(exhibit.querySelectorAll(".exhibit-key"), (note) => tidy(words(note)));
    notes.push(`From “${document.title}”.`);
    const title = table.caption ? tidy(words(table.caption)) : document.title;
    return { title, rows, columns, notes };
  }

  const flat = (row) => row.cells.flatMap((cell) => [cell.text, ...Array(cell.across - 1).fill("")]);
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const csv = (found) => `\ufeff${found.rows.map((row) => flat(row).map(quoted).join(",")).join("\r\n")}\r\n`;

  function html(found) {
    const line = (row) => `<tr>${row.cells.map((cell) => `<${cell.head ? "th" : "td"} colspan="${cell.across}">${xml(cell.text)}</${cell.head ? "th" : "td"}>`).join("")}</tr>`;
    return `<table><caption>${xml(found.title)}</caption>${found.rows.map(line).join("")}</table>`;
  }

  async function copy(found) {
    const plain = found.rows.map((row) => flat(row).join("\t")).join("\n");
    try {
      const kinds = { "text/plain": plain, "text/html": html(found) };
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })])))]);
    } catch {
      const put = (event) => {
        event.clipboardData.setData("text/plain", plain);
        event.clipboardData.setData("text/html", html(found));
        event.preventDefault();
      };
      document.addEventListener("copy", put, { once: true });
      if (!document.execCommand("copy")) throw new Error("the browser does not let pages copy");
    }
  }

  const TEX = { "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", $: "\\$", "#": "\\#", _: "\\_", "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "≥": "$\\geq$", "≤": "$\\leq$", "±": "$\\pm$", "−": "$-$", "×": "$\\times$", "≈": "$\\approx$", "≠": "$\\neq$", "⇔": "$\\Leftrightarrow$", "✓": "$\\checkmark$", "✗": "$\\times$", "–": "--", "—": "---", "∞": "$\\infty$", "·": "$\\cdot$",
    "<": "$<$", ">": "$>$", "|": "\\textbar{}", '"': "''", "→": "$\\rightarrow$", "←": "$\\leftarrow$", "↑": "$\\uparrow$", "↓": "$\\downarrow$", "⇒": "$\\Rightarrow$", "√": "$\\surd$", "′": "$'$", "∆": "$\\Delta$", "ß": "\\ss{}",
    "\u00a0": "~", "\u2009": "\\,", "\u202f": "\\,", "\u2011": "-", "\u200b": "" };
  const GREEK = "alpha beta gamma delta varepsilon eta theta kappa lambda mu mu pi rho sigma tau varphi chi psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega".split(" ");
  Array.from("αβγδεηθκλμµπρστφχψωΓΔΘΛΣΦΨΩ").forEach((letter, at) => { TEX[letter] = `$\\${GREEK[at]}$`; });
  Array.from("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉᶠ").forEach((letter, at) => { TEX[letter] = `$^{${"0123456789+-abcdef"[at]}}$`; });
  Array.from("₀₁₂₃₄₅₆₇₈₉").forEach((letter, at) => { TEX[letter] = `$_{${at}}$`; });
  const tex = (text) => Array.from(text, (letter) => TEX[letter] ?? letter).join("");

  /* Text to the left, numbers to the right, long text in lines. */
  function layout(rows, columns, pages) {
    const filled = Array.from({ length: columns }, (_, at) => rows.map((row) => flat(row)[at]).filter((text) => text));
    const long = filled.map((texts) => texts.some((text) => text.length > (pages ? 24 : 45)));
    const width = `>{\\raggedright\\arraybackslash}p{${(0.6 / Math.max(1, long.filter(Boolean).length)).toFixed(2)}\\linewidth}`;
    return filled.map((texts, at) => (long[at] ? width : at && 2 * texts.filter((text) => /^[<>≤≥≈−-]? ?\d/.test(text)).length > texts.length ? "r" : "l")).join("");
  }

  /* As analysis/tables/files/formats.py does. */
  function latex(found) {
    const cell = (one) => (one.across > 1 ? `\\multicolumn{${one.across}}{l}{${tex(one.text)}}` : tex(one.text));
    const line = (row) => `${row.cells.map(cell).join(" & ")} \\\\`.replace(/^(?=[[*])/, "{}");
    const [heads, body] = [found.rows.filter((row) => row.head), found.rows.filter((row) => !row.head)];
    const head = ["\\toprule", ...heads.map(line), "\\midrule"], pages = body.length > 45, columns = layout(body, found.columns, pages), caption = `\\caption{${tex(found.title)}}`;
    const notes = ["", `\\footnotesize ${found.notes.map(tex).join("\n\n")}`];
    const [begun, ended] = pages
      ? [["{\\small", `\\begin{longtable}{${columns}}`, `${caption} \\\\`, ...head, "\\endhead"], ["\\bottomrule", "\\end{longtable}", ...notes, "}", ""]]
      : [["\\begin{table}", caption, "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%", `\\begin{tabular}{${columns}}`, ...head], ["\\bottomrule", "\\end{tabular}}", ...notes, "\\end{table}", ""]];
    return ["% needs the packages amssymb, array, booktabs, graphicx, longtable and textcomp", ...begun, ...body.map(line), ...ended].join("\n");
  }

  /* ---- Office Open XML: a zip of a few parts ---- */

  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const OFFICE = "http://schemas.openxmlformats.org/";
  const relations = (entries) => `${HEAD}<Relationships xmlns="${OFFICE}package/2006/relationships">${entries.map(([type, target], place) => `<Relationship Id="rId${place + 1}" Type="${OFFICE}officeDocument/2006/relationships/${type}" Target="${target}"/>`).join("")}</Relationships>`;
  const contents = (parts) => `${HEAD}<Types xmlns="${OFFICE}package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.map(([part, type]) => `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`).join("")}</Types>`;

  const letters = (place) => (place < 26 ? "" : String.fromCharCode(64 + Math.floor(place / 26))) + String.fromCharCode(65 + (place % 26));
  const NUMBER = /^([−-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(%?)$/;

  /* A number as Excel keeps it, with the decimals that it is printed with; null for text. */
  function typed(text) {
    const found = NUMBER.exec(text);
    if (!found) return null;
    const decimals = (found[3] || "").length, percent = Boolean(found[4]);
    if (decimals > 6 || /^0\d/.test(found[2])) return null;
    const digits = `${found[1] ? "-" : ""}${found[2].replace(/,/g, "")}${decimals ? `.${found[3]}` : ""}`;
    return { value: percent ? `${digits}E-2` : digits, style: 2 + decimals + (percent ? 7 : 0) };
  }

  function sheet(found) {
    const text = (at, words, style) => `<c r="${at}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${xml(words)}</t></is></c>`;
    const number = (at, one) => `<c r="${at}" s="${one.style}"><v>${Number(one.value)}</v></c>`;
    const joined = [], lines = [`<row r="1">${text("A1", found.title, 1)}</row>`];
    found.rows.forEach((row, place) => {
      let column = 0;
      const cells = row.cells.map((cell) => {
        const at = `${letters(column)}${place + 3}`, one = cell.head ? null : typed(cell.text);
        if (cell.across > 1) joined.push(`${at}:${letters(column + cell.across - 1)}${place + 3}`);
        column += cell.across;
        return one ? number(at, one) : text(at, cell.text, row.head || cell.across > 1 ? 1 : 0);
      });
      lines.push(`<row r="${place + 3}">${cells.join("")}</row>`);
    });
    found.notes.forEach((note, place) => lines.push(`<row r="${found.rows.length + 4 + place}">${text(`A${found.rows.length + 4 + place}`, note, 0)}</row>`));
    const merged = joined.length ? `<mergeCells count="${joined.length}">${joined.map((range) => `<mergeCell ref="${range}"/>`).join("")}</mergeCells>` : "";
    return `${HEAD}<worksheet xmlns="${OFFICE}spreadsheetml/2006/main"><cols><col min="1" max="1" width="40" customWidth="1"/><col min="2" max="${Math.max(2, found.columns)}" width="18" customWidth="1"/></cols><sheetData>${lines.join("")}</sheetData>${merged}</worksheet>`;
  }

  function xlsx(found) {
    const formats = [0, 1, 2, 3, 4, 5, 6].map((decimals) => `0${decimals ? `.${"0".repeat(decimals)}` : ""}`);
    const codes = [...formats, ...formats.map((code) => `${code}%`)];
    const look = (format, font) => `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`;
    const styles = `${HEAD}<styleSheet xmlns="${OFFICE}spreadsheetml/2006/main"><numFmts count="${codes.length}">${codes.map((code, place) => `<numFmt numFmtId="${164 + place}" formatCode="${code}"/>`).join("")}</numFmts>`
      + '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
      + `<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${2 + codes.length}">${look(0, 0)}${look(0, 1)}${codes.map((code, place) => look(164 + place, 0)).join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
    const book = `${HEAD}<workbook xmlns="${OFFICE}spreadsheetml/2006/main" xmlns:r="${OFFICE}officeDocument/2006/relationships"><sheets><sheet name="Table" sheetId="1" r:id="rId1"/></sheets></workbook>`;
    return zip({
      "[Content_Types].xml": contents([["xl/workbook.xml", "spreadsheetml.sheet.main"], ["xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"], ["xl/styles.xml", "spreadsheetml.styles"]]),
      "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
      "xl/workbook.xml": book,
      "xl/_rels/workbook.xml.rels": relations([["worksheet", "worksheets/sheet1.xml"], ["styles", "styles.xml"]]),
      "xl/worksheets/sheet1.xml": sheet(found),
      "xl/styles.xml": styles,
    });
  }

  function docx(found) {
    const paragraph = (text, look = "", place = "") => `<w:p><w:pPr>${place}<w:spacing w:before="20" w:after="20"/></w:pPr><w:r><w:rPr>${look}<w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">${xml(text)}</w:t></w:r></w:p>`;
    const rule = (side, size) => `<w:${side} w:val="single" w:sz="${size}" w:space="0" w:color="auto"/>`;
    const cell = (one, row, first) => `<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/>${one.across > 1 ? `<w:gridSpan w:val="${one.across}"/>` : ""}${row.head ? `<w:tcBorders>${rule("bottom", 4)}</w:tcBorders>` : ""}</w:tcPr>${paragraph(one.text, row.head || one.across > 1 ? "<w:b/>" : "", first ? "" : '<w:jc w:val="left"/>')}</w:tc>`;
    const line = (row) => `<w:tr><w:trPr><w:cantSplit/>${row.head ? "<w:tblHeader/>" : ""}</w:trPr>${row.cells.map((one, place) => cell(one, row, !place)).join("")}</w:tr>`;
    const wide = found.columns > 5, [across, down] = wide ? [16838, 11906] : [11906, 16838];
    const grid = Array(found.columns).fill(Math.floor((across - 2268) / found.columns)).map((width) => `<w:gridCol w:w="${width}"/>`).join("");
    const table = `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>${rule("top", 8)}${rule("bottom", 8)}</w:tblBorders></w:tblPr><w:tblGrid>${grid}</w:tblGrid>${found.rows.map(line).join("")}</w:tbl>`;
    const page = `<w:sectPr><w:pgSz w:w="${across}" w:h="${down}"${wide ? ' w:orient="landscape"' : ""}/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>`;
    const main = `${HEAD}<w:document xmlns:w="${OFFICE}wordprocessingml/2006/main"><w:body>${paragraph(found.title, "<w:b/>", "<w:keepNext/>")}${table}${found.notes.map((note) => paragraph(note)).join("")}${page}</w:body></w:document>`;
    return zip({
      "[Content_Types].xml": contents([["word/document.xml", "wordprocessingml.document.main"]]),
      "_rels/.rels": relations([["officeDocument", "word/document.xml"]]),
      "word/document.xml": main,
    });
  }

  const CODES = Array.from({ length: 256 }, (unused, place) => {
    let code = place;
    for (let bit = 0; bit < 8; bit++) code = code & 1 ? 0xedb88320 ^ (code >>> 1) : code >>> 1;
    return code >>> 0;
  });

  function crc(bytes) {
    let code = 0xffffffff;
    for (const byte of bytes) code = CODES[(code ^ byte) & 0xff] ^ (code >>> 8);
    return (code ^ 0xffffffff) >>> 0;
  }

  /* Files put together as they are, not compressed. */
  function zip(files) {
    const parts = [], listed = [], coder = new TextEncoder();
    let place = 0;
    const block = (sizes, values) => {
      const made = new DataView(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0)));
      let at = 0;
      sizes.forEach((size, number) => {
        made[size === 2 ? "setUint16" : "setUint32"](at, values[number], true);
        at += size;
      });
      return new Uint8Array(made.buffer);
    };
    Object.entries(files).forEach(([path, text]) => {
      const name = coder.encode(path), data = coder.encode(text), code = crc(data);
      const told = [20, 0x0800, 0, 0, 33, code, data.length, data.length, name.length, 0]; // dated 1 January 1980
      const head = block([4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2], [0x04034b50, ...told]);
      listed.push(block([4, 2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4], [0x02014b50, 20, ...told, 0, 0, 0, 0, place]), name);
      parts.push(head, name, data);
      place += head.length + name.length + data.length;
    });
    const size = listed.reduce((sum, part) => sum + part.length, 0), count = Object.keys(files).length;
    return new Blob([...parts, ...listed, block([4, 2, 2, 2, 2, 4, 4, 2], [0x06054b50, 0, 0, count, count, size, place, 0])]);
  }

  /* ---- what the menus ask for ---- */

  const slug = (text) => tidy(text).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "table";
  const TYPES = {
    csv: [csv, "text/csv"],
    tex: [latex, "application/x-tex"],
    xlsx: [xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    docx: [docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  };

  async function take(exhibit, asked) {
    const [kind, width] = asked.split(" ");
    const name = exhibit.id.replace(/^fig-/, "");
    if (kind === "svg") return save(`${name}.svg`, standalone(exhibit).text, "image/svg+xml");
    if (kind === "png") return save(`${name}-${width}mm.png`, await png(exhibit, Number(width)), "image/png");
    const found = read(exhibit);
    if (kind === "copy") return copy(found);
    const [make, type] = TYPES[kind];
    return save(`${slug(found.title)}.${kind}`, make(found), type);
  }

  window.filesOfTheBook = { take };
})();
