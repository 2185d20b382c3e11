/** The page's script: it hides the rows and columns that the filters exclude. Without it, everything is shown. */
export const script = `
"use strict";
(() => {
  const form = document.querySelector("form");
  const table = document.querySelector(".matrix table");
  if (!form || !table) return;
  const rows = [...table.tBodies[0].rows];
  const items = [...document.querySelectorAll("ul.list > li")];
  const heads = [...table.tHead.rows[0].cells];
  const count = document.querySelector(".count");
  const more = document.querySelector(".more");
  const fixed = Number(table.dataset.fixed);
  let limit = 200; // more rows than people read, few enough to be laid out at every key stroke
  const columnStyle = document.querySelector("style.columns").sheet;
  const field = (name) => form.elements.namedItem(name);
  const has = (row, column, role, standing) => {
    const cells = column < 0 ? [...row.cells].slice(fixed) : [row.cells[column]];
    return cells.some((cell) => cell.dataset.role
      && (!role || cell.dataset.role === role) && (!standing || cell.className === standing));
  };
  const apply = () => {
    const text = field("text").value.trim().normalize("NFC").toLowerCase();
    const [kind, scope, role] = ["kind", "scope", "role"].map((name) => field(name).value);
    const standing = field("undeclared").checked ? "undeclared" : "";
    const column = scope === "" ? -1 : heads.findIndex((head) => head.dataset.scope === scope);
    let fitting = 0;
    rows.forEach((row, index) => {
      const isLoose = standing !== "" && row.dataset.loose === "true" && scope === "" && role === "";
      const fits = (!text || row.dataset.text.includes(text)) && (!kind || row.dataset.kind === kind)
        && ((scope === "" && role === "" && standing === "") || isLoose || has(row, column, role, standing));
      if (fits) fitting++;
      row.hidden = !fits || fitting > limit;
      items[index].hidden = !fits;
    });
    while (columnStyle.cssRules.length > 0) columnStyle.deleteRule(0);
    if (column >= 0) columnStyle.insertRule(
      ".matrix tr > :nth-child(n+" + (fixed + 1) + "):not(:nth-child(" + (column + 1) + ")) { display: none; }");
    more.hidden = fitting <= limit;
    count.textContent = Math.min(fitting, limit) + " of " + fitting + " shown"
      + (fitting < rows.length ? ", " + (rows.length - fitting) + " filtered out" : "");
  };
  form.addEventListener("input", apply);
  more.addEventListener("click", () => { limit = Infinity; apply(); });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
`;
