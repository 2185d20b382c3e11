import { startEmulator, type Emulator } from "../../emulator";
import { cli } from "../cli/command";
import { accessIn, writesTo } from "./access";
import * as engine from "./harness/cli";

jest.setTimeout(200_000);

let emulator: Emulator;
beforeAll(async () => (emulator = await startEmulator()));
afterAll(() => emulator.close());

test("Drift reports a person who accepts under another address, before and after a refresh, and following its proposal changes nothing in the cloud.", async () => {
  const { cloud } = emulator;
  const organization = cloud.organizations.list()[0]!.name;
  const project = cloud.projects.list()[1]!.name;
  const program = (jane: string, boss: string) => `
    const dt = require("pulumi-dt");
    new dt.ProjectRoleBinding("jane", { project: "${project}", member: "${jane}", role: "project.user" });
    new dt.OrgAdminBinding("boss", { organization: "${organization}", member: "${boss}" });`;
  const stack = await engine.stack({
    files: { "index.js": program("jane@example.com", "boss@example.com") },
    packageJson: { main: "index.js" },
    env: { ...emulator.settings },
  });
  const must = async (...args: string[]) => {
    const { text, exitCode } = await stack.run(...args);
    expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  };
  const drift = async () => {
    const { stdout: input } = await stack.run("stack", "export");
    const env = { ...emulator.settings };
    const { stdout, exitCode } = await cli(["drift", "--state", "-", "--format", "json"], { env, input });
    const { findings } = JSON.parse(stdout) as {
      findings: { class: string; email: string; message: string }[];
    };
    const seen = findings
      .filter(({ class: kind }) => kind !== "unmanaged" && kind !== "self")
      .map(({ class: kind, email }) => `${kind} ${email}`);
    return { exitCode, seen, said: findings.map(({ message }) => message).join("\n") };
  };
  await must("up", "--yes", "--skip-preview");
  for (const [before, after] of [
    ["jane@example.com", "jane.doe@example.com"],
    ["boss@example.com", "the.boss@example.com"],
  ] as const) {
    cloud.acceptInvitation(before);
    for (const { name } of cloud.members.list().filter(({ email }) => email === before))
      cloud.members.update(name, { email: after });
  }
  const access = accessIn(emulator);
  const told = ["address-changed the.boss@example.com", "address-changed jane.doe@example.com"];
  const first = await drift();
  expect(first.seen.sort()).toEqual([...told].sort());
  expect(first.said).toContain("accepted as jane.doe@example.com: put that into the program");

  emulator.requests.clear();
  await must("up", "--refresh", "--yes", "--skip-preview");
  expect((await drift()).seen.sort()).toEqual([...told].sort());

  stack.write("index.js", program("jane.doe@example.com", "the.boss@example.com"));
  const preview = await stack.run("preview");
  expect(preview.text).toContain("jane.doe@example.com is the present address of jane@example.com");
  expect(preview.text).not.toMatch(/replace/);
  await must("up", "--yes", "--skip-preview");
  expect((await drift()).seen).toEqual([]);
  expect(accessIn(emulator)).toEqual(access);
  expect(writesTo(emulator)).toEqual([]);
});
