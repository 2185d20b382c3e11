/** Draws the lists of findings and changes, some at a time. */
export const items = String.raw`
const tagOf = (tone, word) => make("span", { className: "tag " + tone }, word);
const idOf = (name) => make("code", { className: "id", title: "Click to select" }, name);

const itemLists = Object.fromEntries([...document.querySelectorAll("[data-items]")].map((list) => {
  const kind = list.dataset.items;
  const all = raw[kind];
  const more = make("button", { type: "button", className: "more" });
  const draw = (limit) => {
    for (let index = list.children.length; index < Math.min(limit, all.length); index++)
      list.append(itemOf(kind, index, all[index]));
    more.hidden = list.children.length >= all.length;
    more.textContent = "Show more (" + (all.length - list.children.length) + ")";
  };
  more.addEventListener("click", () => draw(list.children.length + 200));
  list.after(more);
  return [kind, draw];
}));

const itemOf = (kind, index, line) => {
  const [tone, tag, title, where, what, by] = line.map((each) => text(each));
  const id = line[6];
  const number = kind === "findings" ? index + 1 : 0;
  const item = make("li", { className: tone, tabIndex: -1 },
    make("p", {}, tagOf(tone, tag), " ", make("b", {}, title), where === "" ? "" : " in " + where),
    make("p", {}, what, by === "" ? "" : " (" + by + ")"),
    make("p", { className: "small" }, idOf(id)));
  if (number > 0) item.id = "f" + number;
  if (positions.has(number)) {
    const show = make("button", { type: "button", "aria-label": "Show " + title + (where === "" ? "" : " in " + where) }, "Show");
    show.addEventListener("click", () => jump(number));
    item.lastChild.append(" ", show);
  }
  return item;
};

/** A link from access to the finding about it. */
const linkTo = (number, label) => {
  const link = make("a", { href: "#f" + number, "aria-label": label + ": show the finding" }, label);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    find("dialog").close();
    itemLists.findings(number);
    const target = document.getElementById("f" + number);
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  });
  return link;
};
`;
