import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";

jest.setTimeout(300_000);

interface Rename {
  from: string;
  to: string;
  outcome: string;
  resource: string;
  option: string;
  without: string;
}
interface Report {
  exitCode: number;
  lockouts: object[];
  renames: Rename[];
  warnings: string[];
}
/**
 * Options by the name of the resource or component that they belong to, as they appear between the braces in
 * a program.
 */
type Options = Record<string, string>;

let world: World;
let project: string;
let other: string;
let organization: string;
let stack: engine.CliStack;

const head = `const dt = require("pulumi-dt"); const pulumi = require("@pulumi/pulumi");
class Team extends pulumi.ComponentResource {
  constructor(name, fill, opts) { super("my:index:Team", name, {}, opts); fill({ parent: this }, name); }
}`;
const table = (members: string[], more = "") => `
for (const [index, member] of ${JSON.stringify(members.map((name) => `${name}@example.com`))}.entries())
  new dt.ProjectRoleBinding("b-" + index, { project: ${JSON.stringify(other)}, member, role: "project.user" ${more} });`;

/** The program before each edit. */
const before = () => `${head}
const project = "${project}", other = "${other}", organization = "${organization}";
const erp = new dt.ServiceAccount("erp", { project, displayName: "ERP" });
new dt.ServiceAccountKey("erp", { serviceAccount: erp.id });
new dt.ProjectRoleBinding("erp", { project, member: erp.email, role: "project.user" });
new dt.ProjectRoleBinding("jane", { project, member: "Jane@example.com", role: "project.user" });
new dt.ProjectRoleBinding("hidden", { project, member: pulumi.secret("hidden@example.com"), role: "project.user" });
new dt.OrgAdminBinding("boss", { organization, member: "boss@example.com" });
new dt.ProjectAccess("list", { project: other, members: ["jane@example.com"], ignore: ["**"] });
new dt.SystemAccess("crm", { home: project, displayName: "CRM", projects: { p: project }, roles: { p: "project.user" } });
new Team("support", (parent, name) => new dt.ProjectRoleBinding(name + "-sue", { project, member: "sue@example.com", role: "project.user" }, parent));
new dt.AccessGrant("all", { member: "ann@example.com", role: "project.user", projects: { a: project, b: other } });
${table(["a", "b", "c"])}
`;

/** Replaces pieces of the program. Fails if one is missing. */
function edited(...edits: [from: string, to: string][]): string {
  return edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, before());
}

beforeAll(async () => {
  world = await startWorld();
  [, project, other] = world.projects as [string, string, string];
  organization = world.organization;
  stack = await stackOf(before());
});

/** A new stack, after an up of its program. */
async function stackOf(program: string): Promise<engine.CliStack> {
  const made = await engine.stack({
    files: { "index.js": program },
    packageJson: { main: "index.js" },
    env: { ...world.settings },
  });
  const { text, exitCode } = await made.up();
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  return made;
}

/** Guard's report on the real preview of a program, as text and as JSON. */
async function guard(program: string, on = stack, ...args: string[]): Promise<Report & { text: string }> {
  on.write("index.js", program);
  const { stdout: input, exitCode, text } = await on.run("preview", "--json");
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  const env = { ...world.settings };
  const [json, plain] = await Promise.all([
    command(["guard", "--json", ...args], { env, input }),
    command(["guard", ...args], { env, input }),
  ]);
  expect(plain.stderr).toBe("");
  expect(plain.exitCode).toBe(json.exitCode);
  return { ...(JSON.parse(json.stdout) as Report), text: plain.stdout };
}

const last = (urn: string) => urn.split("::").at(-1)!;
const summary = ({ renames }: Report): string[] =>
  renames.map(({ from, to, outcome }) => `${last(from)} -> ${last(to)}: ${outcome}`).sort();
const optionsIn = ({ renames }: Report): Options =>
  Object.fromEntries(renames.map(({ resource, option }) => [resource, option]));

/** The changes to our resources in the preview of a program. */
async function changes(program: string): Promise<string[]> {
  stack.write("index.js", program);
  const { text, exitCode, stdout } = await stack.run("preview", "--json");
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
  return steps
    .filter(({ op, urn }) => op !== "same" && urn.includes("dynamic/dt:"))
    .map(({ op, urn }) => `${op} ${last(urn)}`);
}

/** Follows guard's advice, and expects that Pulumi then recognizes the existing resources. */
async function followed(program: (options: Options) => string): Promise<Report & { text: string }> {
  const report = await guard(program({}));
  expect(await changes(program(optionsIn(report)))).toEqual([]);
  return report;
}

test("Guard reports new names in the program as renames, each with the alias that leaves everything as it is.", async () => {
  const report = await followed((o) =>
    edited(
      [
        `new dt.ServiceAccount("erp", { project, displayName: "ERP" })`,
        `new dt.ServiceAccount("erp2", { project, displayName: "ERP" }, { ${o.erp2 ?? ""} })`,
      ],
      [
        `new dt.ServiceAccountKey("erp", { serviceAccount: erp.id })`,
        `new dt.ServiceAccountKey("key", { serviceAccount: erp.id }, { ${o.key ?? ""} })`,
      ],
      [
        `new dt.ProjectRoleBinding("erp", { project, member: erp.email, role: "project.user" })`,
        `new dt.ProjectRoleBinding("erp-in", { project, member: erp.email, role: "project.user" }, { ${o["erp-in"] ?? ""} })`,
      ],
      [
        `"jane", { project, member: "Jane@example.com", role: "project.user" }`,
        `"jane \\"2\\"", { project, member: " JANE@example.com", role: "project.user" }, { ${o['jane "2"'] ?? ""} }`,
      ],
      [
        `"boss", { organization, member: "boss@example.com" }`,
        `"chief", { organization, member: "boss@example.com" }, { ${o.chief ?? ""} }`,
      ],
      [
        `"list", { project: other, members: ["jane@example.com"], ignore: ["**"] }`,
        `"watch", { project: other, members: ["jane@example.com"], ignore: ["**"] }, { ${o.watch ?? ""} }`,
      ],
    ),
  );
  expect(summary(report)).toEqual([
    "boss -> chief: refused",
    "erp -> erp-in: lost",
    "erp -> erp2: lost",
    "erp -> key: lost",
    'jane -> jane "2": refused',
    "list -> watch: renewed",
  ]);
  expect(optionsIn(report)).toMatchObject({ chief: `aliases: [{ name: "boss" }]` });
  expect(report).toMatchObject({ exitCode: 2, lockouts: [], warnings: [] });
  expect(report.text).toContain(`rename: give an alias: OrgAdminBinding "boss" is "chief" now`);
  expect(report.text).toMatch(
    /without it: `pulumi up` fails, since boss@example.com in organizations\/\w+ is a member already/,
  );
  expect(report.text).toMatch(
    /LOSS, rename: give an alias: ServiceAccount "erp"[^]*creates another service account/,
  );
});

test("One alias on a renamed component covers everything in it; a move into or out of a component is reported with a full name.", async () => {
  const report = await followed((o) =>
    edited(
      [
        `new dt.SystemAccess("crm", { home: project, displayName: "CRM", projects: { p: project }, roles: { p: "project.user" } })`,
        `new dt.SystemAccess("sales", { home: project, displayName: "CRM", projects: { p: project }, roles: { p: "project.user" } }, { ${o.sales ?? ""} })`,
      ],
      [
        `new dt.OrgAdminBinding("boss", { organization, member: "boss@example.com" })`,
        `new Team("leads", (parent, name) => new dt.OrgAdminBinding(name + "-boss", { organization, member: "boss@example.com" }, { ...parent, ${o["leads-boss"] ?? ""} }))`,
      ],
      [
        `new Team("support", (parent, name) => new dt.ProjectRoleBinding(name + "-sue", { project, member: "sue@example.com", role: "project.user" }, parent))`,
        `new dt.ProjectRoleBinding("sue", { project, member: "sue@example.com", role: "project.user" }, { ${o.sue ?? ""} })`,
      ],
    ).replace(`new Team("leads"`, `new Team("support", () => {}); new Team("leads"`),
  );
  expect(summary(report)).toEqual([
    "boss -> leads-boss: refused",
    "crm -> sales: lost",
    "crm -> sales: lost",
    "crm-p -> sales-p: lost",
    "support-sue -> sue: refused",
  ]);
  expect(optionsIn(report)).toEqual({
    sales: `aliases: [{ name: "crm" }]`,
    "leads-boss": `aliases: [{ name: "boss", parent: pulumi.rootStackResource }]`,
    sue: `aliases: ["urn:pulumi:test::test::my:index:Team$pulumi-nodejs:dynamic/dt:ProjectRoleBinding::support-sue"]`,
  });
});

test("Resources that our components create get their alias through the component's transformations: projects that get new names, and an account that moves in.", async () => {
  const several = (report: Report, component: string) =>
    report.renames
      .filter(({ resource }) => resource === component)
      .map(({ option }) => /^transformations: \[(.*)\]$/.exec(option)![1]!)
      .join(", ");
  const program = (all = "", erp = "") =>
    edited(
      [
        `projects: { a: project, b: other } })`,
        `projects: { first: project, second: other } }, { transformations: [${all}] })`,
      ],
      [`const erp = new dt.ServiceAccount("erp", { project, displayName: "ERP" });`, ""],
      [`new dt.ServiceAccountKey("erp", { serviceAccount: erp.id });`, ""],
      [
        `new dt.ProjectRoleBinding("erp", { project, member: erp.email, role: "project.user" });`,
        `new dt.SystemAccess("erp", { home: project, displayName: "ERP", projects: { p: project }, roles: { p: "project.user" } }, { transformations: [${erp}] });`,
      ],
    );
  const report = await guard(program());
  expect(summary(report)).toEqual([
    "all-a -> all-first: refused",
    "all-b -> all-second: refused",
    "erp -> erp-p: lost",
    "erp -> erp: lost",
    "erp -> erp: lost",
  ]);
  expect(await changes(program(several(report, "all"), several(report, "erp")))).toEqual([]);
});

test("If names count the positions of a list, removing a line renames the entries after it, and guard asks for a name for each.", async () => {
  const report = await guard(edited([table(["a", "b", "c"]), table(["b", "c", "d"])]));
  expect(summary(report)).toEqual(["b-1 -> b-0: refused", "b-2 -> b-1: refused"]);
  expect(report.text).toContain(`ProjectRoleBinding "b-0" gets b@example.com in ${other}, which "b-1" holds`);
  expect(summary(await guard(edited([table(["a", "b", "c"]), table(["b", "c"])])))).toEqual(summary(report));
  expect(summary(await guard(edited([table(["a", "b", "c"]), table(["x", "a", "b", "c"])])))).toEqual([
    "b-0 -> b-1: refused",
    "b-1 -> b-2: refused",
    "b-2 -> b-3: refused",
  ]);

  const own = (member: string, option: string) =>
    `new dt.ProjectRoleBinding("b-${member}", { project: other, member: "${member}@example.com", role: "project.user" }, { ${option} });`;
  const option = (name: string) => report.renames.find(({ from }) => last(from) === name)!.option;
  expect(option("b-1")).toBe(`aliases: [{ name: "b-1" }]`);
  const program = edited([table(["a", "b", "c"]), own("b", option("b-1")) + own("c", option("b-2"))]);
  expect(await changes(program)).toEqual(["delete b-0"]);
});

test("Guard reports adopt of a membership that the state holds under another name as a move that keeps it, and not as a lock-out.", async () => {
  const { email, keyId, name: ourAccount } = world.admin;
  const program = (account: string, key: string, admin: string) => `${head}
new dt.ServiceAccount("${account}", { project: "${world.projects[0]}", displayName: "Pulumi", adopt: "${ourAccount}" });
new dt.ServiceAccountKey("${key}", { serviceAccount: "${ourAccount}", adopt: "${keyId}" });
new dt.OrgAdminBinding("${admin}", { organization: "${organization}", member: "${email}", adopt: true });`;
  const own = await stackOf(program("us", "us", "us"));
  const renamed = program("we", "our-key", "ours");
  const report = await guard(renamed, own);
  expect(summary(report)).toEqual(["us -> our-key: kept", "us -> ours: kept", "us -> we: kept"]);
  expect(report).toMatchObject({ exitCode: 0, lockouts: [], warnings: [] });
  expect(report.text).toContain("takes it over by adopt and keeps it");
  expect(report.text).toContain("`secret` and `credentials` are empty until the next rotation");
  expect(await guard(renamed, own, "--fail-on-rename", "any")).toMatchObject({ exitCode: 2 });

  const [, , , admin] = program("us", "us", "us").split(/(?=^new )/m);
  const lost = await guard(program("us", "us", "us").replace(admin!, ""), own);
  expect(lost).toMatchObject({ exitCode: 2, lockouts: [{ op: "delete" }], renames: [] });
});

test("Pulumi forgets a resource with retainOnDelete, so guard does not report a lock-out.", async () => {
  const retained = `new dt.OrgAdminBinding("us", { organization: "${organization}", member: "${world.admin.email}", adopt: true }, { retainOnDelete: true });`;
  const own = await stackOf(`${head}${retained}`);
  expect(await guard(head, own)).toMatchObject({ exitCode: 0, lockouts: [], renames: [] });
});

test("Guard does not guess what the preview does not show: it reports a secret member, with the alias that would be right.", async () => {
  const report = await guard(
    edited([`new dt.ProjectRoleBinding("hidden", `, `new dt.ProjectRoleBinding("secret", `]),
  );
  expect(report).toMatchObject({ exitCode: 0, renames: [] });
  expect(report.warnings).toEqual([
    expect.stringMatching(
      /can't be told whether ProjectRoleBinding "secret" is "hidden" under another name, since its member is a secret/,
    ),
  ]);
  expect(report.warnings[0]).toContain(`give an alias: aliases: [{ name: "hidden" }]`);
});

test("Guard treats a renamed account as the same one, although the preview does not know its email before the update.", async () => {
  const report = await guard(
    edited(
      [`displayName: "ERP" });\n`, `displayName: "ERP 2" });\n`],
      [`new dt.ServiceAccountKey("erp", {`, `new dt.ServiceAccountKey("key", {`],
      [`new dt.ProjectRoleBinding("erp", {`, `new dt.ProjectRoleBinding("erp-in", {`],
    ),
  );
  expect(summary(report)).toEqual(["erp -> erp-in: refused", "erp -> key: lost"]);
  expect(await guard(before(), stack, "--fail-on-rename", "any")).toMatchObject({ exitCode: 0, renames: [] });
});

test("A removed and an added system are not reported as a rename, although the preview does not know the new account's email.", async () => {
  const report = await guard(
    edited(
      [
        `new dt.SystemAccess("crm", { home: project, displayName: "CRM"`,
        `new dt.SystemAccess("bi", { home: project, displayName: "BI"`,
      ],
      [`"jane", { project, member: "Jane@example.com"`, `"joan", { project, member: "joan@example.com"`],
    ),
  );
  expect(report).toMatchObject({
    exitCode: 0,
    renames: [],
    warnings: [],
    text: "nobody is locked out\n",
  });
});
