"use strict";
// Sorts and filters the page's tables and opens what is folded. Without it the page shows all the same. It asks for nothing, and it
// writes text as text alone. An address can name an order: #table=NAME&sort=COLUMN&order=descending&filter=WORDS
(() => {
  // Tables of fewer rows are seen at a glance.
  const SORTED = 3, FILTERED = 12;
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const name = text => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const faces = new Map();

  // What has no value comes last in either order; what is equal stays as it was.
  const compare = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
  };

  function face(table) {
    const [head] = table.tHead.rows, body = table.tBodies[0], rows = [...body.rows];
    const texts = rows.map(row => row.textContent.toLowerCase());
    const state = { column: -1, order: "none", filter: "" };
    const columns = [...head.cells].map(cell => name(cell.textContent));
    const field = make("input", ""), told = make("output", "");

    const value = (row, column) => {
      const cell = row.cells[column];
      if (!head.cells[column].classList.contains("n")) return cell.textContent || null;
      // A plain number is its own value; what has a unit has its value beside it.
      const text = cell.dataset.sort ?? cell.firstChild?.data.replaceAll(",", "") ?? "";
      const number = Number(text);
      return text === "" || Number.isNaN(number) ? null : number;
    };
    const show = () => {
      const sign = state.order === "descending" ? -1 : 1;
      const is_sorted = state.order !== "none";
      const order = rows.map((row, place) => ({ row, place, value: is_sorted ? value(row, state.column) : 0 }));
      if (is_sorted) order.sort((a, b) => compare(a.value, b.value, sign) || a.place - b.place);
      body.append(...order.map(each => each.row));
      const words = state.filter.toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach((row, place) => { row.hidden = !words.every(word => texts[place].includes(word)); });
      table.classList.toggle("whole", is_sorted || words.length > 0);
      [...head.cells].forEach((cell, column) => {
        if (is_sorted && column === state.column) cell.setAttribute("aria-sort", state.order);
        else cell.removeAttribute("aria-sort");
      });
      if (field.value !== state.filter) field.value = state.filter;
      told.textContent = words.length ? `${rows.filter(row => !row.hidden).length} of ${rows.length} rows` : "";
    };
    const tell = () => {
      const address = new URLSearchParams({ table: table.id.replace(/^table-/, "") });
      if (state.order !== "none") { address.set("sort", columns[state.column]); address.set("order", state.order); }
      if (state.filter) address.set("filter", state.filter);
      history.replaceState(null, "", `#${address}`);
    };
    const change = changes => { Object.assign(state, changes); show(); tell(); };

    if (rows.length >= SORTED) [...head.cells].forEach((cell, column) => {
      const button = make("button", "");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const orders = ["ascending", "descending", "none"];
        const before = state.column === column ? state.order : "none";
        change({ column, order: orders[(orders.indexOf(before) + 1) % orders.length] });
      });
    });
    if (rows.length >= FILTERED) {
      const label = make("label", "Show rows with "), line = make("p", "");
      line.className = "filter";
      field.type = "search";
      field.setAttribute("aria-controls", table.id);
      field.addEventListener("input", () => change({ filter: field.value }));
      label.append(field);
      line.append(label, " ", told);
      table.parentElement.before(line);
    }
    // What the address asks for, as far as there is such a column and order.
    return address => {
      const column = columns.indexOf(address.get("sort")), order = address.get("order");
      const is_order = column >= 0 && ["ascending", "descending"].includes(order);
      Object.assign(state, { column, order: is_order ? order : column >= 0 ? "ascending" : "none", filter: address.get("filter") || "" });
      show();
    };
  }

  const unfold = element => {
    element.querySelectorAll(":scope > details").forEach(each => { each.open = true; });
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };
  const follow = () => {
    const hash = location.hash.slice(1), address = new URLSearchParams(hash);
    const table = address.has("table") ? `table-${address.get("table")}` : null;
    const target = document.getElementById(table || hash);
    if (!target) return;
    unfold(target);
    if (faces.has(table)) faces.get(table)(address);
    target.scrollIntoView();
  };

  document.querySelectorAll(".scroll > table").forEach(table => { if (table.tBodies[0]) faces.set(table.id, face(table)); });
  const folds = [...document.querySelectorAll("main details")], all = make("button", "Open all that is folded");
  all.type = "button";
  all.addEventListener("click", () => {
    const open = folds.some(fold => !fold.open);
    folds.forEach(fold => { fold.open = open; });
    all.textContent = open ? "Fold it again" : "Open all that is folded";
  });
  document.querySelector("nav")?.append(all);
  addEventListener("hashchange", follow);
  follow();
})();
