import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed } from "./access";
import * as cli from "./harness/cli";
import { scratchFolder } from "./harness/scratch";

jest.setTimeout(300_000);

let emulator: Emulator;
beforeEach(async () => void (emulator = await startEmulator()));
afterEach(() => emulator.close());

/** Two accounts with the same name, each with a key, a membership, and a key of an account that both stacks share. */
async function start() {
  const home = projectNamed(emulator, "System Service Accounts");
  const shared = emulator.cloud.accounts.create({ project: home, displayName: "Shared" }).name;
  const program = `
const dt = require("pulumi-dt");
const erp = new dt.ServiceAccount("erp", { project: ${JSON.stringify(home)}, displayName: "ERP" });
new dt.ServiceAccountKey("key", { serviceAccount: erp.id });
new dt.ServiceAccountKey("shared", { serviceAccount: ${JSON.stringify(shared)} });
new dt.ProjectRoleBinding("role", { project: ${JSON.stringify(home)}, member: erp.email, role: "project.user" });
`;
  const stack = await cli.stack({ files: { "index.js": program }, env: { ...emulator.settings } });
  const { cloud } = emulator;
  const existing = () =>
    [
      ...cloud.accounts.list(home).filter(({ displayName }) => displayName === "ERP"),
      ...cloud.keys.list().filter(({ name }) => name.startsWith(`${home}/`)),
      ...cloud.members.list(home),
    ].map(({ name }) => name);
  return { stack, existing };
}

type Stack = cli.CliStack;
const folders = () => ["A", "B"].map((name) => join(scratchFolder("backends"), name)) as [string, string];

const ways: Record<string, (stack: Stack, folder: string) => unknown> = {
  "the variable": (stack, folder) => void (stack.env.PULUMI_BACKEND_URL = `file://${folder}`),
  "pulumi login": (stack, folder) => {
    delete stack.env.PULUMI_BACKEND_URL;
    return stack.run("login", `file://${folder}`);
  },
  "Pulumi.yaml": (stack, folder) => {
    delete stack.env.PULUMI_BACKEND_URL;
    stack.write("Pulumi.yaml", `name: test\nruntime: nodejs\nbackend:\n  url: file://${folder}\n`);
  },
};

test.each(Object.entries(ways))(
  "stacks with the same name in one folder do not share resources if the backend is chosen by %s",
  async (_way, choose) => {
    const { stack, existing } = await start();
    const [first, second] = folders();
    const use = async (folder: string) => {
      mkdirSync(folder, { recursive: true });
      await choose(stack, folder);
      await stack.run("stack", "init", "test");
    };
    await use(first);
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    // From now on the journal records that a state holds all of these.
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ exitCode: 0 });
    const ofFirst = existing();

    await use(second);
    const up = await stack.up();
    expect(up).toMatchObject({ exitCode: 0 });
    // The account, its key and its membership, and a second key of the shared account.
    expect(existing().filter((name) => !ofFirst.includes(name))).toHaveLength(4);
    expect(up.text).not.toMatch(/orphan|found .* again|pulumi-dt remove/);
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(existing().sort()).toEqual([...ofFirst].sort());

    await choose(stack, first);
    expect((await stack.preview("--refresh", "--expect-no-changes")).text).toContain("unchanged");
  },
);

test("all resources of a stack have the id of the stack, also those of another provider and of a later run", async () => {
  const { stack } = await start();
  const idsIn = async () => {
    const { deployment } = (await stack.run("stack", "export")).json() as {
      deployment: { resources: { outputs?: { apiUrl?: string; stackId?: string } }[] };
    };
    return deployment.resources.flatMap(({ outputs = {} }) =>
      outputs.stackId === undefined ? [] : [outputs.stackId],
    );
  };
  const project = projectNamed(emulator, "System Service Accounts");
  const { DT_API_KEY_ID: keyId, DT_API_KEY_SECRET: keySecret, DT_OIDC_EMAIL: email } = emulator.settings;
  const account = (name: string, options = "") =>
    `new dt.ServiceAccount("${name}", { project: "${project}", displayName: "${name}" }${options});`;
  const first = `
const dt = require("pulumi-dt");
const provider = new dt.Provider("other", ${JSON.stringify({ keyId, keySecret, email })});
${account("a")}
${account("b", ", { provider }")}
`;
  stack.write("index.js", first);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const [id] = await idsIn();
  expect(id).toMatch(/^[\da-f-]{36}$/);
  expect(await idsIn()).toEqual([id, id]);
  stack.write("index.js", `${first}${account("c")}`);
  expect(await stack.up("--target", "**c")).toMatchObject({ exitCode: 0 });
  expect(await idsIn()).toEqual([id, id, id]);
});
