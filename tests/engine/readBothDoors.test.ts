import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";
import { pluginFolder } from "./harness/packed";

jest.setTimeout(400_000);

type Door = "dynamic" | "plugin";
interface Finding {
  class: string;
  id: string;
  resources: string[];
}
interface Report {
  exitCode: number;
  lockouts: { message: string }[];
  renames: { resource: string; option: string; outcome: string; from: string }[];
  warnings: string[];
  unread: string[];
}

let world: World;
let project: string;
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
  for (const name of ["jane", "sue"]) world.cloud.users.create({ email: `${name}@example.com` });
});

/** Declares a resource through one of the doors. An SDK of the plugin declares its outputs in the same way. */
const head = `const dt = require("pulumi-dt"); const pulumi = require("@pulumi/pulumi");
const outputs = { email: undefined, keyId: undefined };
class OfPlugin extends pulumi.CustomResource {
  constructor(kind, name, args, opts) { super("disruptive:index:" + kind, name, { ...outputs, ...args }, opts); }
}
const dynamic = (kind, name, args, opts) => new dt[kind](name, args, opts);
const plugin = (kind, name, args, opts) => new OfPlugin(kind, name, args, opts);
`;

/** Options by the name of the resource, as they appear between the braces in a program. */
type Options = Readonly<Record<string, string>>;

/** A program whose resources have these doors, in turn. */
function programOf(
  doors: readonly [Door, Door],
  options: Options = {},
  names = (name: string) => name,
): string {
  const resources: [kind: string, name: string, args: string, variable?: string][] = [
    ["ServiceAccount", "erp", `{ project: "${project}", displayName: "ERP" }`, "account"],
    ["ServiceAccountKey", "erp-key", `{ serviceAccount: account.id }`],
    [
      "ProjectRoleBinding",
      "erp-role",
      `{ project: "${project}", member: account.email, role: "project.user" }`,
    ],
    [
      "ProjectRoleBinding",
      "jane",
      `{ project: "${project}", member: "jane@example.com", role: "project.user" }`,
    ],
    ["OrgAdminBinding", "boss", `{ organization: "${world.organization}", member: "sue@example.com" }`],
    [
      "ProjectAccess",
      "list",
      `{ project: "${world.projects[2]!}", members: ["ada@example.com"], ignore: ["**"] }`,
    ],
    [
      "OrganizationAccess",
      "admins",
      `{ organization: "${world.organization}", members: ["ada@example.com", "sue@example.com", "${world.admin.email}"] }`,
    ],
  ];
  const lines = resources.map(([kind, name, args, variable], index) => {
    const as = names(name);
    const declaration = `${doors[index % 2]!}("${kind}", "${as}", ${args}, { ${options[as] ?? ""} });`;
    return variable === undefined ? declaration : `const ${variable} = ${declaration}`;
  });
  return `${head}${lines.join("\n")}\n`;
}

async function stackOf(program: string): Promise<engine.CliStack> {
  const plugins = { providers: [{ name: "disruptive", path: await pluginFolder() }] };
  const runtime = { name: "nodejs", options: { packagemanager: "npm" } };
  const stack = await engine.stack({
    // JSON is valid YAML.
    files: { "index.js": program, "Pulumi.yaml": JSON.stringify({ name: "test", runtime, plugins }) },
    packageJson: { main: "index.js" },
    env: { ...world.settings },
  });
  await must(stack.up());
  for (const name of ["jane", "sue"]) world.cloud.acceptInvitation(`${name}@example.com`);
  return stack;
}

async function must(running: Promise<engine.CliRun>): Promise<engine.CliRun> {
  const run = await running;
  expect({ text: run.text, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
  return run;
}

async function drift(stack: engine.CliStack): Promise<{ findings: string[]; resources: number }> {
  const { stdout: input } = await must(stack.run("stack", "export"));
  const { stdout, stderr } = await command(["drift", "--state", "-", "--format", "json"], {
    env: { ...world.settings },
    input,
  });
  expect(stderr).toBe("");
  const { findings, coverage } = JSON.parse(stdout) as {
    findings: Finding[];
    coverage: { declared: { resources: number } };
  };
  return {
    findings: findings.map(({ class: kind, id }) => `${kind} ${id}`),
    resources: coverage.declared.resources,
  };
}

async function guard(stack: engine.CliStack, program: string): Promise<Report> {
  stack.write("index.js", program);
  const { stdout: input } = await must(stack.run("preview", "--json"));
  const { stdout, stderr } = await command(["guard", "--json"], { env: { ...world.settings }, input });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Report;
}

/** The changes that a preview of a program shows. */
async function changes(stack: engine.CliStack, program: string): Promise<string[]> {
  stack.write("index.js", program);
  const { stdout } = await must(stack.run("preview", "--json"));
  const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
  return steps
    .filter(({ op, urn }) => op !== "same" && !urn.includes("pulumi:providers:"))
    .map(({ op, urn }) => `${op} ${urn}`);
}

const stacks: [string, readonly [Door, Door]][] = [
  ["dynamic resources", ["dynamic", "dynamic"]],
  ["the plugin", ["plugin", "plugin"]],
  ["both", ["dynamic", "plugin"]],
];

describe.each(stacks)("In a real stack of %s,", (_, doors) => {
  test("drift finds each change and each undeclared access, and guard finds each rename, whose alias keeps the resource.", async () => {
    const stack = await stackOf(programOf(doors));
    expect(await drift(stack)).toEqual({ findings: [], resources: 7 });

    const { members, accounts, keys } = world.cloud;
    const account = accounts.list(project).find(({ displayName }) => displayName === "ERP")!;
    const jane = members.list(project).find(({ email }) => email === "jane@example.com")!;
    members.update(jane.name, { roles: ["roles/project.admin"] });
    const key = keys.create({ account: account.name });
    const eve = members.create({ scope: project, email: "eve@example.com", roles: ["roles/project.user"] });
    expect((await drift(stack)).findings.filter((line) => !line.startsWith("pending"))).toEqual([
      ...[key.name, eve.name].sort().map((name) => `unmanaged ${name}`),
      `changed ${jane.name}`,
    ]);
    members.update(jane.name, { roles: ["roles/project.user"] });

    const renamed = (options: Options = {}) => programOf(doors, options, (name) => `${name}-2`);
    const report = await guard(stack, renamed());
    expect(report).toMatchObject({ exitCode: 2, lockouts: [], warnings: [], unread: [] });
    expect(Object.fromEntries(report.renames.map(({ resource, outcome }) => [resource, outcome]))).toEqual({
      "erp-2": "lost",
      "erp-key-2": "lost",
      "erp-role-2": "lost",
      "jane-2": "refused",
      "boss-2": "refused",
      "list-2": "renewed",
      "admins-2": "renewed",
    });
    const advice = Object.fromEntries(report.renames.map(({ resource, option }) => [resource, option]));
    expect(await changes(stack, renamed(advice))).toEqual([]);
  });
});

describe.each([
  ["to the plugin", ["dynamic", "dynamic"], ["plugin", "plugin"]],
  ["back from the plugin", ["plugin", "plugin"], ["dynamic", "dynamic"]],
] as [string, [Door, Door], [Door, Door]][])("A stack that moves %s", (_, before, after) => {
  test("without aliases is told so by guard; with the printed aliases nothing changes, and drift finds nothing before and after.", async () => {
    const stack = await stackOf(programOf(before));
    const report = await guard(stack, programOf(after));
    expect(report.renames).toHaveLength(7);
    expect(report).toMatchObject({ exitCode: 2, warnings: [], unread: [] });
    const options = Object.fromEntries(report.renames.map(({ resource, option }) => [resource, option]));
    expect(Object.values(options).every((option) => option.startsWith("aliases: [{ type: "))).toBe(true);
    const moved = programOf(after, options);
    expect(await changes(stack, moved)).toEqual([]);
    expect(await guard(stack, moved)).toMatchObject({ exitCode: 0, renames: [], warnings: [], unread: [] });
    world.requests.clear();
    await must(stack.up());
    expect(world.writes()).toEqual([]);
    expect(await drift(stack)).toEqual({ findings: [], resources: 7 });
  });
});
