import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed } from "./access";
import * as cli from "./harness/cli";
import { scratchFolder } from "./harness/scratch";

jest.setTimeout(300_000);

let emulator: Emulator;
let account: string;
beforeEach(async () => {
  emulator = await startEmulator();
  const project = projectNamed(emulator, "System Service Accounts");
  account = emulator.cloud.accounts.create({ project, displayName: "ERP" }).name;
});
afterEach(() => emulator.close());

const start = () => cli.stack({ files: { "index.js": "" }, env: { ...emulator.settings } });
const program = (...keys: string[]) =>
  `const dt = require("pulumi-dt");
const serviceAccount = ${JSON.stringify(account)};
${keys.join("\n")}`;
const key = (name: string, options = "") =>
  `const ${name} = new dt.ServiceAccountKey("${name}", { serviceAccount }${options});`;

/** Gives the stack an empty journal, as on a CI runner. */
const forgetJournal = (stack: cli.CliStack) => void (stack.env.DT_JOURNAL = scratchFolder("journal"));

test.each([
  ["a run of that key alone", ["--target", "**fresh"], ""],
  ["a run of a key that an older one depends on", [], ", { dependsOn: fresh }"],
])("a key that the state holds is not called an orphan in %s", async (_what, args, dependence) => {
  const stack = await start();
  stack.write("index.js", program(key("old")));
  expect(await stack.up()).toMatchObject({ exitCode: 0 });

  forgetJournal(stack);
  stack.write("index.js", program(key("fresh"), key("old", dependence)));
  const { exitCode, text } = await stack.up(...args);
  expect(exitCode).toBe(0);
  expect(emulator.cloud.keys.list(account)).toHaveLength(2);
  expect(text).not.toMatch(/orphan|pulumi-dt remove/);
});

test("a key that no state holds is named, with the command that removes it, if the state can be read", async () => {
  const stack = await start();
  const { name } = emulator.cloud.keys.create({ account });
  stack.write("index.js", program(key("fresh")));
  const { text } = await stack.up();
  expect(text.replace(/\s+/g, " ")).toContain(`remove it with \`pulumi-dt remove ${name}\``);
});
