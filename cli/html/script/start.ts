/** Connects the parts: filters, jumps between findings and cells, and printing. */
export const start = String.raw`
const status = find(".count");
const apply = () => {
  select();
  const isMatrix = field("view").value === "matrix";
  box.hidden = !isMatrix;
  cards.hidden = isMatrix;
  more.hidden = true;
  if (isMatrix) startMatrix();
  else startCards();
  status.textContent = fitting.length + " of " + people.length + " shown"
    + (shown.length < columns.length ? ", in " + shown.length + " of " + count(columns.length, "place") : "");
  remember();
};

/** Shows the access that a finding is about. The filters stay. */
const jump = (number) => {
  const { person, column } = positions.get(number);
  pinned = { person, column };
  apply();
  const index = fitting.findIndex((each) => each.index === person);
  if (!box.hidden) {
    box.scrollTop = (index - 2) * rowHeight;
    drawRows();
  } else {
    drawCards(index + 1);
    const details = document.getElementById("p" + person).firstChild;
    details.open = true;
    fill(details, people[person]);
  }
  const cell = column < 0 ? "k" + person : "c" + person + "-" + column;
  const target = document.getElementById(box.hidden ? "e" + person + "-" + column : cell);
  target.scrollIntoView({ block: "center", inline: "center" });
  target.focus({ preventScroll: true });
};

for (const { index, title, group } of columns)
  field("scope").append(make("option", { value: String(index) }, group === "" ? title : title + " (" + group + ")"));
for (const tile of document.querySelectorAll("[data-filter]")) {
  const { filter } = tile.dataset;
  if (filter === "") continue;
  const button = make("button", { type: "button" }, ...tile.childNodes);
  button.addEventListener("click", () => {
    form.reset();
    field(filter in bit ? "trait" : "kind").value = filter;
    changed();
    find("#access").scrollIntoView();
  });
  tile.replaceChildren(button);
}

const changed = () => {
  pinned = null;
  if (box.scrollTop !== 0) box.scrollTop = 0;
  apply();
};
form.addEventListener("input", (event) => {
  if (event.target === field("sort")) sortColumn = -1;
  changed();
});
form.addEventListener("reset", () => setTimeout(() => { sortColumn = -1; chooseView(); changed(); }));
form.addEventListener("submit", (event) => event.preventDefault());

const chooseView = () => { field("view").value = narrow.matches ? "list" : "matrix"; };

// On paper, the page shows what it shows without scripts, as far as it fits the filters.
const paper = find(".paper");
const listed = (noscript) => [...new DOMParser().parseFromString(noscript.textContent, "text/html").querySelectorAll("body > ul > li")];
const print = () => {
  const lines = listed(paper.nextElementSibling);
  paper.replaceChildren(...fitting.map(({ index }) => lines[index]));
  for (const draw of Object.values(itemLists)) draw(Infinity);
};
addEventListener("beforeprint", print);
addEventListener("afterprint", () => paper.replaceChildren());
matchMedia("print").addEventListener("change", ({ matches }) => { if (matches) print(); else paper.replaceChildren(); });

for (const draw of Object.values(itemLists)) draw(20);
form.hidden = false;
chooseView();
recall();
apply();
`;
