/** Reads the contents of the page, in the order in which `data.ts` writes them. */
export const contents = String.raw`
const find = (selector) => document.querySelector(selector);
const raw = JSON.parse(find("#data").textContent);
const text = (index = 0) => raw.texts[index];
const bit = Object.fromEntries(raw.traits.map((name, index) => [name, 1 << index]));
const columns = raw.columns.map(([name, title, group], index) => ({ index, name, title, group }));
const cellOf = ([column = 0, sides, tone, role, strength = 0, remark, since, by, traits = 0, finding = 0]) => ({
  column, sides: text(sides), tone: text(tone), role: text(role), strength, remark: text(remark), traits, finding,
  detail: [since ? "since " + text(since) : "", by ? "declared by " + text(by) : ""].filter(Boolean).join("; "),
});
const keyOf = ([id, days, what, tone, finding]) => ({ id, days, what, tone, finding });
const people = raw.people.map(
  ([name, email, id, isAccount, remark, traits, rank, finding, cells, keys], index) => ({
    index, name, email, id, isAccount: isAccount === 1, remark, traits, rank, finding,
    cells: cells.map(cellOf), keys: keys.map(keyOf),
    text: (name + " " + email + " " + id).normalize("NFC").toLowerCase(),
  }));

/** Where a finding is: the number of a person, and of a column, or -1 for keys and accounts. */
const positions = new Map();
for (const { index, finding, cells, keys } of people) {
  for (const number of [finding, ...keys.map((key) => key.finding)])
    if (number > 0) positions.set(number, { person: index, column: -1 });
  for (const { finding: number, column, strength } of cells)
    if (number > 0 && (strength > 0 || !positions.has(number))) positions.set(number, { person: index, column });
}

/** Makes an element. Children are elements or texts. */
const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("aria-") || name === "colspan" || name === "scope") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== ""));
  return element;
};
const count = (number, word) => number + " " + word + (number === 1 ? "" : "s");
`;
