import { startEmulator, type Emulator } from "../../emulator";
import * as dt from "../../sdk";
import { accessIn, projectNamed } from "./access";
import * as engine from "./harness/engine";

jest.setTimeout(120_000);

let emulator: Emulator;
let stack: engine.InlineStack;

beforeAll(async () => {
  emulator = await startEmulator();
  const organization = emulator.cloud.organizations.list()[0]!.name;
  const [home, production] = [
    projectNamed(emulator, "System Service Accounts"),
    projectNamed(emulator, "Production"),
  ];
  stack = await engine.stack({
    env: { ...emulator.settings },
    program: () => {
      const account = new dt.ServiceAccount("account", { project: home, displayName: "ERP" });
      new dt.ServiceAccountKey("key", { serviceAccount: account.id });
      new dt.ProjectRoleBinding("binding", {
        project: production,
        member: account.email,
        role: "project.user",
      });
      new dt.ProjectRoleBinding("person", {
        project: production,
        member: "new@example.com",
        role: "project.user",
      });
      new dt.OrgAdminBinding("admin", { organization, member: "grace@example.com" });
    },
  });
  await stack.up();
});
afterAll(() => emulator.close());

const account = () => emulator.cloud.accounts.list().find(({ displayName }) => displayName !== "Pulumi")!;
const key = () => emulator.cloud.keys.list(account().name)[0]!;
const member = (email: string) => accessIn(emulator).members.find((candidate) => candidate.email === email)!;

describe("refresh sees, and up mends,", () => {
  afterEach(async () => {
    await stack.up();
    expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
  });

  test.each([
    [
      "another display name",
      "account",
      () => edit("accounts", account().name, { displayName: "?" }),
      "~displayName",
    ],
    [
      "Basic authentication",
      "account",
      () => edit("accounts", account().name, { enableBasicAuth: true }),
      "~enableBasicAuth",
    ],
    [
      "another role",
      "binding",
      () => edit("members", member(account().email).name, { roles: ["roles/project.admin"] }),
      "~role",
    ],
  ])("%s", async (_title, name, change, diff) => {
    change();
    const { stdout, changes } = await stack.previewRefresh();
    expect(changes).toEqual({ update: 1 });
    expect(stdout).toMatch(new RegExp(`~ .* ${name} update \\[diff: ${diff}\\]`));
    await stack.refresh();
  });

  test.each([
    ["a deleted key", ["key"], () => emulator.cloud.keys.delete(key().name)],
    ["a removed role", ["binding"], () => emulator.cloud.members.delete(member(account().email).name)],
    ["a removed invitation", ["person"], () => emulator.cloud.members.delete(member("new@example.com").name)],
    [
      "a removed administrator",
      ["admin"],
      () => emulator.cloud.members.delete(member("grace@example.com").name),
    ],
    [
      "a deleted account, with what hung on it",
      ["account", "key", "binding"],
      () => emulator.cloud.accounts.delete(account().name),
    ],
  ])("%s", async (_title, names, change) => {
    change();
    const { stdout, changes } = await stack.previewRefresh();
    expect(changes).toEqual({ delete: names.length });
    for (const name of names) expect(stdout).toMatch(new RegExp(`- .* ${name} delete`));
    await stack.refresh();
  });
});

test("what changes by itself is no drift: a person accepts the invitation", async () => {
  emulator.cloud.acceptInvitation("new@example.com", "New Person");
  expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
  await stack.refresh();
  expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
});

test("a lost permission is an error, never a deletion", async () => {
  const admin = member(emulator.admin.email);
  emulator.cloud.members.delete(admin.name);
  await expect(stack.refresh()).rejects.toMatchObject({
    exitCode: 1,
    text: expect.stringContaining("403") as string,
  });
  emulator.cloud.members.create({
    scope: admin.name.split("/members/")[0]!,
    email: admin.email,
    roles: admin.roles,
  });
  expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
});

function edit(shelf: "accounts" | "members", name: string, changes: Record<string, unknown>): void {
  emulator.cloud[shelf].update(name, changes);
}
