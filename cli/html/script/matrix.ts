/** Draws the matrix: only the rows that are in view. All rows have the same height. */
export const matrix = String.raw`
const box = find(".scroll");
const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
const rowHeight = 3.5 * rem;
const narrow = matchMedia("(max-width: 48rem)");
const spare = 6; // rows above and below the visible ones
let body = null;
let drawn = { from: 0, to: 0 };

const headingOf = (label, key, column, name = "") => {
  const isSorted = field("sort").value === key && sortColumn === column;
  const button = make("button", { type: "button", title: "Sort by " + label }, label);
  button.addEventListener("click", () => {
    sortColumn = column;
    field("sort").value = key;
    apply();
    [...box.querySelectorAll("thead button")].find(({ textContent }) => textContent === label)?.focus();
  });
  const heading = make("th", { scope: "col" }, button, name === "" ? "" : idOf(name.split("/")[1]));
  if (isSorted) heading.setAttribute("aria-sort", key === "name" ? "ascending" : "descending");
  return heading;
};

const groupRow = () => {
  const row = make("tr", { className: "groups" }, make("td", { colspan: 2 }));
  let from = 0;
  for (let index = 1; index <= shown.length; index++) {
    if (index < shown.length && shown[index].group === shown[from].group) continue;
    row.append(make("th", { scope: "colgroup", colspan: index - from }, make("span", {}, shown[from].group)));
    from = index;
  }
  return row;
};

const startMatrix = () => {
  const head = make("thead", {}, groupRow(), make("tr", {},
    headingOf("Who", "name", -1), headingOf("Keys", "keys", -1),
    ...shown.map(({ title, index, name }) => headingOf(title, "role", index, name))));
  body = make("tbody");
  const table = make("table", { "aria-rowcount": fitting.length + 2 },
    make("caption", {}, count(fitting.length, "row") + ", " + count(shown.length, "column")),
    make("colgroup", {}, make("col", { className: "who" }), make("col", { className: "keys" }), ...shown.map(() => make("col"))), head, body);
  // Without a width, long names would make the columns wider.
  table.style.width = (narrow.matches ? 18 : 27) + 9 * shown.length + "rem";
  box.replaceChildren(table);
  drawn = { from: 0, to: 0 };
  drawRows();
};

const drawRows = () => {
  if (body === null || box.hidden) return;
  const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - spare);
  const from = Math.min(first, Math.max(0, fitting.length - 1));
  const to = Math.min(fitting.length, from + Math.ceil(box.clientHeight / rowHeight) + 2 * spare);
  if (from === drawn.from && to === drawn.to) return;
  drawn = { from, to };
  const active = document.activeElement?.closest?.("tbody [id]")?.id;
  body.replaceChildren(gap(from), ...fitting.slice(from, to).map((person, index) => rowOf(person, from + index)), gap(fitting.length - to));
  if (active) document.getElementById(active)?.focus({ preventScroll: true });
};

const gap = (rows) => {
  const cell = make("td", { colspan: shown.length + 2 });
  cell.style.height = rows * rowHeight + "px";
  return make("tr", { className: "gap", hidden: rows === 0, "aria-hidden": "true" }, cell);
};

const rowOf = (person, index) => {
  const name = make("button", { type: "button", className: "name", id: "n" + person.index, title: "Show everything about " + person.name }, person.name);
  name.addEventListener("click", () => openCard(person));
  const link = person.finding > 0 ? linkTo(person.finding, person.remark || "finding") : "";
  const remark = link === "" ? person.remark : link;
  const email = person.email === person.name ? "" : make("small", { className: "line", title: person.email }, person.email);
  const head = make("th", { scope: "row" },
    make("div", { className: "clip" }, name, remark === "" ? "" : make("small", {}, remark), email));
  const byColumn = new Map();
  for (const cell of person.cells) byColumn.set(cell.column, [...(byColumn.get(cell.column) ?? []), cell]);
  return make("tr", { "aria-rowindex": index + 3 }, head, keysCell(person),
    ...shown.map(({ index: column }) => accessCell(person, column, byColumn.get(column))));
};

const keysCell = ({ index, keys }) => {
  const cell = make("td", { id: "k" + index, tabIndex: -1 });
  if (keys.length === 0) return cell;
  const found = keys.find(({ finding }) => finding > 0);
  const most = oldest({ keys });
  const content = make("div", { className: "clip", title: keys.map(({ id, what }) => id + ": " + what).join("\n") },
    make("b", {}, count(keys.length, "key")),
    make("em", {}, (most < 0 ? "age unknown" : "oldest " + count(most, "day")), found ? "; " : "", found ? linkTo(found.finding, found.what.replace(/^\d+ days?, /, "")) : ""));
  cell.className = found?.tone ?? "";
  cell.append(content);
  return cell;
};

const accessCell = (person, column, entries) => {
  if (!entries) return make("td");
  const content = entries.map(({ sides, remark, finding }) => make("div", { className: entries.length > 1 ? "line" : "" },
    make("b", {}, finding > 0 ? linkTo(finding, sides) : sides), " ", remark === "" ? "" : make("em", {}, remark)));
  const title = entries.map(({ sides, remark, detail }) => [sides, remark, detail].filter(Boolean).join("; ")).join("\n");
  const { tone } = entries.find(({ finding }) => finding > 0) ?? entries[0];
  return make("td", { className: tone, id: "c" + person.index + "-" + column, tabIndex: -1, title },
    make("div", { className: "clip" }, ...content));
};

box.addEventListener("scroll", () => requestAnimationFrame(drawRows), { passive: true });
addEventListener("resize", () => requestAnimationFrame(drawRows));
`;
