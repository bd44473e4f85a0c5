"use strict";
for (const panel of document.querySelectorAll(".tenants")) {
  const body = panel.querySelector("tbody");
  const rows = [...body.rows].map((row, place) => ({ row, place, text: row.textContent.toLowerCase(), state: row.dataset.state }));
  const filter = panel.previousElementSibling;
  const search = filter.querySelector("input");
  const chips = [...filter.querySelectorAll(".chip")];
  const shown = filter.querySelector(".shown");
  const nothing = panel.querySelector(".nothing");
  const heads = [...panel.querySelectorAll("thead th")];

  function narrow() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.value));
    let count = 0;
    for (const { row, text, state } of rows) {
      const fits = (!states.size || states.has(state)) && words.every((word) => text.includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")} tenants`;
    nothing.hidden = count > 0;
  }

  function key(entry, column) {
    const cell = entry.row.cells[column];
    const value = cell.dataset.value;
    if (value === undefined) return cell.textContent.trim().toLowerCase();
    return value === "" ? null : Number(value);
  }

  function sort(head) {
    const before = head.getAttribute("aria-sort");
    const isText = head.dataset.sort === "text";
    const next = before === null ? (isText ? "ascending" : "descending") : before === "ascending" ? "descending" : "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", next);
    const column = heads.indexOf(head);
    const sign = next === "ascending" ? 1 : -1;
    const keyed = rows.map((entry) => [key(entry, column), entry]);
    keyed.sort(([one, a], [two, b]) => {
      if (one === null || two === null) return (one === null) - (two === null) || a.place - b.place;
      return sign * (one < two ? -1 : one > two ? 1 : 0) || a.place - b.place;
    });
    body.append(...keyed.map(([, entry]) => entry.row));
  }

  search.addEventListener("input", narrow);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      narrow();
    });
  }
  for (const head of heads) head.querySelector("button")?.addEventListener("click", () => sort(head));
  narrow();
}
