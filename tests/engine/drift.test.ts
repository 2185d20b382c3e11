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

/** Refreshes, restores the declared resources, and expects no drift afterwards. */
async function mend(): Promise<void> {
  await stack.up({ refresh: true });
  expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
}

test("refresh sees every edit that a person made by hand, and up undoes it", async () => {
  const { accounts, members } = emulator.cloud;
  accounts.update(account().name, { displayName: "?", enableBasicAuth: true });
  members.update(member(account().email).name, { roles: ["roles/project.admin"] });
  const { stdout, changes } = await stack.previewRefresh();
  expect(changes).toEqual({ update: 2 });
  expect(stdout).toMatch(/~ .* account update \[diff: ~displayName,enableBasicAuth\]/);
  expect(stdout).toMatch(/~ .* binding update \[diff: ~role\]/);

  await mend();
  expect(account()).toMatchObject({ displayName: "ERP", enableBasicAuth: false });
  expect(member(account().email)).toMatchObject({ roles: ["roles/project.user"] });
});

test("refresh sees every deletion that a person made by hand, and up creates the resources again", async () => {
  const { keys, members } = emulator.cloud;
  keys.delete(key().name);
  for (const email of [account().email, "new@example.com", "grace@example.com"])
    members.delete(member(email).name);
  const { stdout, changes } = await stack.previewRefresh();
  expect(changes).toEqual({ delete: 4 });
  for (const name of ["key", "binding", "person", "admin"])
    expect(stdout).toMatch(new RegExp(`- .* ${name} delete`));

  await mend();
  expect(key()).toBeDefined();
  for (const email of [account().email, "new@example.com", "grace@example.com"])
    expect(member(email)).toBeDefined();
});

test("an account that a person deleted takes its key and its role with it, and up creates all three again", async () => {
  emulator.cloud.accounts.delete(account().name);
  expect((await stack.previewRefresh()).changes).toEqual({ delete: 3 });
  await mend();
  expect(key()).toBeDefined();
  expect(member(account().email)).toMatchObject({ roles: ["roles/project.user"] });
});

test("a person who accepts the invitation causes no drift", async () => {
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
