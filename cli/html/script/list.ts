/** Draws people as a list, some at a time, and one person in a dialog. */
export const list = String.raw`
const cards = find(".cards");
const more = find("section > .more");
const atOnce = 50;

/** Everything about a person. Ids of entries have a prefix, because the dialog shows the same. */
const cardOf = (person, prefix) => make("div", {},
  make("p", { className: "small" }, idOf(person.email), person.id === "" ? "" : " ", person.id === "" ? "" : idOf(person.id),
    person.isAccount ? " service account" : " person", person.remark === "" ? "" : ", " + person.remark, " ",
    person.finding > 0 ? linkTo(person.finding, "finding") : ""),
  make("ul", {}, ...person.cells.map((cell) => make("li", { className: cell.tone, id: prefix + person.index + "-" + cell.column, tabIndex: -1 },
    make("b", {}, columns[cell.column].title), ": ", cell.finding > 0 ? linkTo(cell.finding, cell.sides) : cell.sides,
    make("small", {}, [cell.remark, cell.detail].filter(Boolean).join("; ")), make("small", {}, idOf(columns[cell.column].name))))),
  make("ul", { id: prefix + person.index + "--1", tabIndex: -1 }, ...person.keys.map(({ id, what, tone, finding }) => make("li", { className: tone },
    "key ", idOf(id), ": ", finding > 0 ? linkTo(finding, what) : what))));

const openCard = (person) => {
  const dialog = find("dialog");
  dialog.querySelector(".card").replaceChildren(make("h2", { id: "who" }, person.name), cardOf(person, "d"));
  dialog.showModal();
};

const lineOf = (person) => {
  const tags = raw.traits.filter((name) => (person.traits & bit[name]) !== 0);
  const words = { admin: "administrator", oldKeys: "old key", soon: "ending soon" };
  const summary = make("summary", {}, make("b", {}, person.name), " ", ...tags.map((name) =>
    tagOf(name === "danger" || name === "undeclared" ? "danger" : "notice", words[name] ?? name)),
    make("small", {}, [person.email === person.name ? "" : person.email, count(person.cells.length, "place")].filter(Boolean).join(", ")));
  const details = make("details", {}, summary);
  details.addEventListener("toggle", () => fill(details, person));
  return make("li", { id: "p" + person.index }, details);
};
const fill = (details, person) => {
  if (details.open && details.children.length === 1) details.append(cardOf(person, "e"));
};

const drawCards = (limit) => {
  cards.append(...fitting.slice(cards.children.length, limit).map(lineOf));
  more.hidden = cards.children.length >= fitting.length;
};
const startCards = () => {
  cards.replaceChildren();
  drawCards(atOnce);
};
more.addEventListener("click", () => drawCards(cards.children.length + 4 * atOnce));
`;
