import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";
import { pluginFolder } from "./harness/packed";

jest.setTimeout(300_000);

let world: World;
let project: string;
let stack: engine.CliStack;

const head = `const pulumi = require("@pulumi/pulumi");
class Resource extends pulumi.CustomResource {}
class Provider extends pulumi.ProviderResource {}
`;

/** A company with accounts, keys and members, of which a stack of the plugin declares one person. */
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
  const { accounts, keys, members } = world.cloud;
  for (const displayName of ["ERP", "erp", "Ærø & søn"]) {
    const { name, email } = accounts.create({ project, displayName, enableBasicAuth: displayName === "erp" });
    keys.create({ account: name });
    members.create({ scope: project, email, roles: ["roles/project.developer"] });
  }
  members.create({ scope: project, email: "Mixed.Case@example.com", roles: ["roles/project.admin"] });
});

async function stackOf(program: string): Promise<void> {
  const plugins = { providers: [{ name: "disruptive", path: await pluginFolder() }] };
  const runtime = { name: "nodejs", options: { packagemanager: "npm" } };
  stack = await engine.stack({
    // JSON is valid YAML.
    files: { "index.js": head + program, "Pulumi.yaml": JSON.stringify({ name: "test", runtime, plugins }) },
    packageJson: { main: "index.js" },
    env: { ...world.settings },
  });
  await must(stack.up());
}

async function must(running: Promise<engine.CliRun>): Promise<engine.CliRun> {
  const run = await running;
  expect({ text: run.text, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
  return run;
}

const exportedState = async () => (await must(stack.run("stack", "export"))).stdout;

/** Runs our command on the stack's state. */
async function run(...args: string[]) {
  return command([...args, "--state", "-"], { env: { ...world.settings }, input: await exportedState() });
}

async function importAll(...args: string[]): Promise<{ stdout: string; text: string }> {
  const { stdout, exitCode, stderr } = await run("export", "--import-file", ...args);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  writeFileSync(join(stack.folder, "import.json"), stdout);
  const options = ["--yes", "--skip-preview", "--generate-code=false"];
  const { text } = await must(stack.run("import", "--file", "import.json", ...options));
  return { stdout, text };
}

interface Resource {
  urn: string;
  type: string;
  id: string;
  protect?: boolean;
  provider?: string;
}
const imported = async (): Promise<Resource[]> =>
  (
    JSON.parse(await exportedState()) as { deployment: { resources: Resource[] } }
  ).deployment.resources.filter(({ type, protect }) => type.startsWith("disruptive:") && protect === true);

test("pulumi import reads everything in the file into the stack and writes nothing; then nothing is left to export, and drift finds nothing.", async () => {
  const { organization } = world;
  await stackOf(
    `new Resource("disruptive:index:ProjectRoleBinding", "erp", { project: "${project}", member: "jane@example.com", role: "project.user" });`,
  );
  world.cloud.acceptInvitation("jane@example.com");
  const before = world.snapshot();
  const { stdout } = await importAll("--project", project, "--organization", organization);
  const { resources } = JSON.parse(stdout) as { resources: { id: string; name: string }[] };
  // Three accounts with keys and memberships, one person, and two administrators.
  expect(resources).toHaveLength(12);
  expect(resources.map(({ name }) => name)).not.toContain("erp");
  expect((await imported()).map(({ id }) => id).sort()).toEqual(resources.map(({ id }) => id).sort());
  expect(world.snapshot()).toEqual(before);

  const again = await run("export", "--import-file", "--project", project, "--organization", organization);
  expect(JSON.parse(again.stdout)).toEqual({ resources: [] });
  expect(await run("drift")).toMatchObject({ exitCode: 0 });
  expect(await must(stack.run("refresh", "--preview-only", "--expect-no-changes"))).toMatchObject({
    exitCode: 0,
  });
});

test("An explicit provider of the file manages what is imported with it.", async () => {
  const { email, keyId, secret } = world.admin;
  await stackOf(`
const provider = new Provider("disruptive", "company-b", ${JSON.stringify({ email, keyId, keySecret: secret })});
new Resource("disruptive:index:ProjectRoleBinding", "jane", { project: "${project}", member: "jane@example.com", role: "project.user" }, { provider });`);
  await importAll("--provider", "company-b");
  const resources = await imported();
  expect(resources.length).toBeGreaterThan(6);
  for (const { provider } of resources)
    expect(provider).toContain("::pulumi:providers:disruptive::company-b::");
});
