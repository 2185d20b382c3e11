/** Selects and sorts the people and columns to show. */
export const filters = String.raw`
const form = find("form[aria-label=Filters]");
const field = (name) => form.elements.namedItem(name);
const filterNames = ["text", "kind", "trait", "scope", "role", "sort", "view"];
const ofPerson = bit.external | bit.oldKeys;
let sortColumn = -1;
let pinned = null; // the person and the column that a finding led to: shown whatever the filters say
let fitting = people;
let shown = columns;

const chosen = () => {
  const [words, kind, trait, scope, role] = filterNames.map((name) => field(name).value);
  return {
    words: words.trim().normalize("NFC").toLowerCase(), kind, role,
    trait: trait === "" ? 0 : bit[trait], column: scope === "" ? -1 : Number(scope),
  };
};

const fits = (person, { words, kind, trait, column, role }) => {
  if (words !== "" && !person.text.includes(words)) return false;
  if (kind !== "" && (kind === "account") !== person.isAccount) return false;
  if (column < 0 && role === "") return (person.traits & trait) === trait;
  if ((trait & ofPerson & ~person.traits) !== 0) return false;
  const ofCell = trait & ~ofPerson;
  return person.cells.some((cell) => (column < 0 || cell.column === column)
    && (role === "" || cell.role === role) && (cell.traits & ofCell) === ofCell);
};

const byName = new Intl.Collator(undefined, { numeric: true }).compare;
const strongest = (person, column) =>
  person.cells.reduce((most, cell) => (column < 0 || cell.column === column ? Math.max(most, cell.strength) : most), -1);
const oldest = ({ keys }) => keys.reduce((most, { days }) => Math.max(most, days), -1);
const orders = {
  danger: ({ rank }) => rank,
  name: () => 0,
  keys: (person) => -oldest(person),
  role: (person) => -strongest(person, sortColumn >= 0 ? sortColumn : chosen().column),
};

const select = () => {
  const filter = chosen();
  const order = orders[field("sort").value];
  const ranks = new Map();
  fitting = people.filter((person) => fits(person, filter) || pinned?.person === person.index);
  for (const person of fitting) ranks.set(person, order(person));
  fitting.sort((a, b) => ranks.get(a) - ranks.get(b) || byName(a.name, b.name) || a.index - b.index);
  const isFiltered = fitting.length < people.length;
  const used = new Set(fitting.flatMap(({ cells }) => cells.map(({ column }) => column)));
  shown = columns.filter(({ index }) => index === pinned?.column
    || (filter.column >= 0 ? index === filter.column : !isFiltered || used.has(index)));
};

/** Keeps the filters when the page is loaded again. */
const remember = () => {
  const values = Object.fromEntries(filterNames.map((name) => [name, field(name).value]));
  history.replaceState({ filters: values, sortColumn }, "");
};
const recall = () => {
  const before = history.state;
  if (!before?.filters) return;
  for (const name of filterNames) field(name).value = before.filters[name];
  sortColumn = before.sortColumn;
};
`;
