import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureLanguages } from "../../tools/pulumi-cli/languages";
import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";
import { pluginFolder } from "./harness/packed";

jest.setTimeout(300_000);

let world: World;
let project: string;
let stack: engine.CliStack;

interface Binding {
  type: string;
  properties: object;
  options?: object;
}

/** A YAML program with these resources, and those in the text of another one. JSON is valid YAML. */
async function programOf(resources: Record<string, Binding>, others = "resources:\n"): Promise<string> {
  const plugins = { providers: [{ name: "disruptive", path: await pluginFolder() }] };
  const lines = Object.entries(resources).map(([name, binding]) => `  ${name}: ${JSON.stringify(binding)}\n`);
  return `name: test\nruntime: yaml\nplugins: ${JSON.stringify(plugins)}\n${others.trimEnd()}\n${lines.join("")}`;
}
const jane = (options: object = {}): Binding => ({
  type: "disruptive:ProjectRoleBinding",
  properties: { project, member: "jane@example.com", role: "project.user" },
  options,
});

async function must(running: Promise<engine.CliRun>): Promise<engine.CliRun> {
  const run = await running;
  expect({ text: run.text, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
  return run;
}

beforeAll(() => ensureLanguages(["yaml"]), 900_000);
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
  world.cloud.users.create({ email: "jane@example.com" });
  stack = await engine.stack({
    files: { "Pulumi.yaml": await programOf({ jane: jane() }) },
    env: { ...world.settings },
  });
  await must(stack.up());
  world.cloud.acceptInvitation("jane@example.com");
});

const run = async (...args: string[]) => {
  const { stdout: input } = await must(stack.run("stack", "export"));
  return command([...args, "--state", "-"], { env: { ...world.settings }, input });
};

test("In a YAML program, guard prints the alias that keeps a renamed resource.", async () => {
  stack.write("Pulumi.yaml", await programOf({ "jane-doe": jane() }));
  const preview = await must(stack.preview("--json"));
  const { stdout } = await command(["guard"], { env: { ...world.settings }, input: preview.stdout });
  const [, urn] = /in YAML: aliases: \["([^"]+)"\]/.exec(stdout) ?? [];
  stack.write("Pulumi.yaml", await programOf({ "jane-doe": jane({ aliases: [urn] }) }));
  await must(stack.preview("--expect-no-changes"));
});

test("pulumi import of an exported file prints YAML whose preview shows no change, and drift then finds nothing.", async () => {
  const { accounts, keys, members } = world.cloud;
  const { name, email } = accounts.create({ project, displayName: "ERP", enableBasicAuth: true });
  keys.create({ account: name });
  members.create({ scope: project, email, roles: ["roles/project.developer"] });
  const { stdout } = await run("export", "--import-file");
  writeFileSync(join(stack.folder, "import.json"), stdout);
  const before = world.snapshot();
  await must(
    stack.run("import", "--file", "import.json", "--yes", "--skip-preview", "--out", "imported.yaml"),
  );
  expect(world.snapshot()).toEqual(before);
  expect(await run("drift")).toMatchObject({ exitCode: 0 });
  const printed = readFileSync(join(stack.folder, "imported.yaml"), "utf8");
  expect(printed).toMatch(/^resources:\n/);
  stack.write("Pulumi.yaml", await programOf({ jane: jane() }, printed));
  await must(stack.preview("--refresh", "--expect-no-changes"));
});

test("pulumi import of a project with labels prints YAML whose preview shows no change.", async () => {
  const { name } = world.cloud.projects.create({
    organization: world.organization,
    displayName: "Client B",
  });
  world.cloud.projects.update(name, { labels: { customer: "b" } });
  const type = "disruptive:index:Project";
  writeFileSync(
    join(stack.folder, "import.json"),
    JSON.stringify({ resources: [{ type, name: "client-b", id: `${world.organization}/Client B` }] }),
  );
  await must(
    stack.run("import", "--file", "import.json", "--yes", "--skip-preview", "--out", "imported.yaml"),
  );
  const printed = readFileSync(join(stack.folder, "imported.yaml"), "utf8");
  for (const line of ["displayName: Client B", "customer: b"]) expect(printed).toContain(line);
  stack.write("Pulumi.yaml", await programOf({ jane: jane() }, printed));
  await must(stack.preview("--refresh", "--expect-no-changes"));
});
