import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { accessIn, writesTo } from "./access";
import * as engine from "./harness/cli";

jest.setTimeout(400_000);

const page = readFileSync(join(__dirname, "../../docs/letting-go.md"), "utf8");
/** The command without the parts that differ between stacks. */
const general = (command: string): string =>
  command
    .replace(/'?urn:[^' ]*::(\w+)'?/g, "$1")
    .replace(/\bprod\b|\btest\b/g, "STACK")
    .trim();
const commandsInPage = [...page.matchAll(/```sh\n([^]*?)```/g)]
  .flatMap(([, block = ""]) => block.split("\n"))
  .filter((line) => line.startsWith("pulumi "))
  .map(general);
const ran = new Set<string>();

let emulator: Emulator;
let stack: engine.CliStack;
let project: string;
let organization: string;

/**
 * A stack with one resource of each type, and a component. Names in `left` are left out. Options apply to
 * resources by name.
 */
function program({
  without = [],
  options = {},
}: { without?: string[]; options?: Record<string, string> } = {}) {
  const lines: Record<string, string> = {
    erp: `const erp = new dt.ServiceAccount("erp", { project, displayName: "ERP" }, { ${options.erp ?? ""} });
      const key = new dt.ServiceAccountKey("erp", { serviceAccount: erp.id }, { ${options.erp ?? ""} });
      exports.credentials = key.credentials;
      new dt.ProjectRoleBinding("erp", { project, member: erp.email, role: "project.user" }, { ${options.erp ?? ""} });`,
    jane: `new dt.ProjectRoleBinding("jane", { project, member: "jane@example.com", role: "project.user" }, { ${options.jane ?? ""} });`,
    boss: `new dt.OrgAdminBinding("boss", { organization, member: "boss@example.com" }, { ${options.boss ?? ""} });`,
    crm: `new dt.SystemAccess("crm", { home: project, projects: { p: project }, roles: { p: "project.user" } }, { ${options.crm ?? ""} });`,
  };
  return [
    `const dt = require("pulumi-dt"); const project = "${project}", organization = "${organization}";`,
    ...Object.entries(lines).flatMap(([name, line]) => (without.includes(name) ? [] : [line])),
  ].join("\n");
}

beforeEach(async () => {
  emulator = await startEmulator();
  organization = emulator.cloud.organizations.list()[0]!.name;
  project = emulator.cloud.projects.list()[1]!.name;
  stack = await engine.stack({
    files: { "index.js": program() },
    packageJson: { main: "index.js" },
    env: { ...emulator.settings },
  });
  await must("up", "--yes", "--skip-preview");
});
afterEach(() => emulator.close());

async function attempt(...args: string[]): Promise<engine.CliRun> {
  ran.add(general(["pulumi", ...args.filter((arg) => arg !== "--yes")].join(" ")));
  return stack.run(...args);
}
async function must(...args: string[]): Promise<engine.CliRun> {
  const run = await attempt(...args);
  expect({ text: run.text, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
  return run;
}
async function mustFail(...args: string[]): Promise<string> {
  const { text, exitCode } = await attempt(...args);
  expect({ text, exitCode }).not.toMatchObject({ exitCode: 0 });
  return text;
}
const up = async (text: string) => {
  stack.write("index.js", text);
  return must("up", "--yes", "--skip-preview");
};
const isQuiet = async (text: string, ...args: string[]) => {
  stack.write("index.js", text);
  await must("preview", "--expect-no-changes", ...args);
};
/** Fails if `work` changes anything in the cloud. */
async function leavesTheCloud(work: () => Promise<unknown>): Promise<void> {
  const before = accessIn(emulator);
  emulator.requests.clear();
  await work();
  expect({ access: accessIn(emulator), writes: writesTo(emulator) }).toEqual({ access: before, writes: [] });
}
const urn = (type: string, name: string) =>
  `urn:pulumi:test::test::pulumi-nodejs:dynamic/dt:${type}::${name}`;
const [jane, boss, erp] = [
  urn("ProjectRoleBinding", "jane"),
  urn("OrgAdminBinding", "boss"),
  urn("ServiceAccount", "erp"),
];
const crm = "urn:pulumi:test::test::dt:index:SystemAccess::crm";
const retain = "retainOnDelete: true";

test("retainOnDelete, and then removing the resource from the program: two ups leave the resource in the cloud, and a component's resources with it.", async () => {
  await leavesTheCloud(async () => {
    await up(program({ options: { erp: retain, jane: retain, crm: retain } }));
    const { text } = await up(program({ without: ["erp", "jane", "crm"] }));
    expect(text).toContain("[retain]");
    await isQuiet(program({ without: ["erp", "jane", "crm"] }));
  });
});

test("One up is not enough: without the first, the second deletes the resource.", async () => {
  await up(program({ without: ["jane"] }));
  expect(JSON.stringify(accessIn(emulator))).not.toContain("jane@example.com");
});

test("pulumi destroy leaves retained resources in the cloud.", async () => {
  await up(program({ options: { jane: retain } }));
  await must("destroy", "--yes", "--skip-preview");
  const members = JSON.stringify(accessIn(emulator));
  expect(members).toContain("jane@example.com");
  expect(members).not.toContain("boss@example.com");
});

test("pulumi state delete forgets one resource, several, and an account with everything that depends on it.", async () => {
  await leavesTheCloud(async () => {
    await must("stack", "--show-urns");
    await must("state", "delete", jane, "--yes");
    stack.write("index.js", program({ without: ["jane"] }));
    await must("preview");
    await isQuiet(program({ without: ["jane"] }));
    expect(await mustFail("state", "delete", erp, "--yes")).toContain("--target-dependents");
    await must("stack", "output", "credentials", "--show-secrets");
    await must("state", "delete", erp, "--target-dependents", "--yes");
    await isQuiet(program({ without: ["jane", "erp"] }));
  });
});

test("One command forgets several resources; protected ones need --force.", async () => {
  await leavesTheCloud(async () => {
    await must("state", "delete", jane, boss, "--yes");
    await up(program({ without: ["jane", "boss"], options: { crm: "protect: true" } }));
    expect(await mustFail("state", "delete", crm, "--target-dependents", "--yes")).toContain("--force");
    await must("state", "delete", crm, "--target-dependents", "--force", "--yes");
    await isQuiet(program({ without: ["jane", "boss", "crm"] }));
  });
});

test("A program that still declares forgotten resources creates an account again, and is refused for a member.", async () => {
  await must("state", "delete", erp, "--target-dependents", "--yes");
  await must("state", "delete", jane, "--yes");
  const before = emulator.cloud.accounts.list().length;
  // Another machine, whose journal does not know what this machine has created.
  stack.env.DT_JOURNAL = join(stack.folder, "journal");
  expect(await mustFail("up", "--yes", "--skip-preview")).toContain("already a member");
  expect(emulator.cloud.accounts.list()).toHaveLength(before + 1);
});

test("pulumi state move gives resources to another stack; then both previews show no changes.", async () => {
  await leavesTheCloud(async () => {
    await must("stack", "init", "team-b");
    await must("stack", "select", "test");
    await must("state", "move", "--source", "test", "--dest", "team-b", jane, "--yes");
    await isQuiet(program({ without: ["jane"] }));
    await isQuiet(program({ without: ["erp", "boss", "crm"] }), "--stack", "team-b");
  });
});

test("pulumi stack rm --force forgets the stack and leaves everything in the cloud; without --force it refuses.", async () => {
  await must("config", "set", "dt:rateLimit", "off");
  await leavesTheCloud(async () => {
    expect(await mustFail("stack", "rm", "test", "--yes")).toContain("still has resources");
    await must("stack", "rm", "test", "--force", "--preserve-config", "--yes");
  });
  expect(readFileSync(join(stack.folder, "Pulumi.test.yaml"), "utf8")).toContain("dt:rateLimit");
});

test("A protected resource stays in the cloud through a destroy, which names it, until the state is unprotected.", async () => {
  const protect = "protect: true";
  const guarded = program({ options: { erp: protect, jane: protect, boss: protect, crm: protect } });
  await up(guarded);
  await leavesTheCloud(async () => {
    const text = await mustFail("destroy", "--yes", "--skip-preview");
    expect(text).toContain("pulumi state unprotect");
    expect(text).toContain(jane);
  });
  await must("state", "unprotect", jane, "--yes");
  await leavesTheCloud(() => up(guarded));
  await leavesTheCloud(() => mustFail("destroy", "--yes", "--skip-preview"));
  await must("state", "unprotect", "--all", "--yes");
  await must("destroy", "--yes", "--skip-preview");
  expect(JSON.stringify(accessIn(emulator))).not.toMatch(/jane@|boss@|ERP|crm/);
});

test("This file ran every command of the page.", () => {
  expect(commandsInPage.length).toBeGreaterThan(8);
  expect(commandsInPage.filter((command) => !ran.has(command))).toEqual([]);
});
