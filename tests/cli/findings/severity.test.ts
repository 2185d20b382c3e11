import fc from "fast-check";
import { byDanger, severityOf } from "../../../cli/findings/severity";
import { classes, type Finding } from "../../../cli/findings/finding";

const finding = (id: string, more: Partial<Finding>): Finding => ({
  id,
  class: "unmanaged",
  kind: "membership",
  parent: "projects/p",
  resources: [],
  changes: [],
  message: "",
  ...more,
});
const change = (property: string, declared: string | boolean, actual: string | boolean) => ({
  class: "changed" as const,
  changes: [{ property, declared, actual }],
});
const [user, admin] = ["roles/project.user", "roles/project.admin"];

/** From the most dangerous to the least. */
const ladder: Finding[] = [
  finding("an undeclared administrator", { role: "roles/organization.admin" }),
  finding("an undeclared key", { kind: "key" }),
  finding("another person with the declared address", { class: "replaced", role: user }),
  finding("a broader role", { ...change("role", user, "roles/project.developer") }),
  finding("an undeclared member", { role: user }),
  finding("an undeclared account", { kind: "serviceAccount" }),
  finding("an unread list", { class: "unread", kind: "list" }),
  finding("a missing member", { class: "missing" }),
  finding("a narrower role", { ...change("role", admin, user) }),
  finding("another display name", { kind: "serviceAccount", ...change("displayName", "ERP", "Erp") }),
  finding("an open invitation", { class: "pending" }),
];

test("The dangerous comes first, whatever the order before.", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ladder, { minLength: ladder.length }), (shuffled) => {
      expect(byDanger(shuffled).map(({ id }) => id)).toEqual(ladder.map(({ id }) => id));
    }),
  );
});

test("More access than declared is a danger; less is a warning; a name is a notice.", () => {
  expect(ladder.map(severityOf)).toEqual([
    ...Array<string>(6).fill("danger"),
    ...Array<string>(3).fill("warning"),
    ...Array<string>(2).fill("notice"),
  ]);
});

test("A role that was changed by hand to administrator is as dangerous as an undeclared administrator.", () => {
  const changed = finding("a", { role: admin, ...change("role", user, admin) });
  expect(byDanger([ladder[1]!, changed])[0]).toBe(changed);
});

test("Basic authentication that was switched on by hand is a danger.", () => {
  expect(
    severityOf(finding("a", { kind: "serviceAccount", ...change("enableBasicAuth", false, true) })),
  ).toBe("danger");
});

test("Every class has a severity.", () => {
  for (const name of classes)
    expect(severityOf(finding("a", { class: name }))).toMatch(/^(danger|warning|notice)$/);
});
