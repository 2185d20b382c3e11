import { startEmulator, type Emulator } from "../../emulator";
import * as dt from "../../sdk";
import { projectNamed } from "./access";
import * as engine from "./harness/engine";

jest.setTimeout(120_000);

let emulator: Emulator;
let production: string;
let home: string;
let organization: string;
beforeEach(async () => {
  emulator = await startEmulator();
  production = projectNamed(emulator, "Production");
  home = projectNamed(emulator, "System Service Accounts");
  organization = emulator.cloud.organizations.list()[0]!.name;
});
afterEach(() => emulator.close());

const start = (program: engine.Program) => engine.stack({ env: { ...emulator.settings }, program });

test("a preview names the resource that adopt will adopt, and the changes to it", async () => {
  const { cloud } = emulator;
  const binding = cloud.members.create({
    scope: production,
    email: "Jane@example.com",
    roles: ["roles/project.user"],
  });
  const admin = cloud.members.create({
    scope: organization,
    email: "grace@example.com",
    roles: ["roles/organization.admin"],
  });
  const account = cloud.accounts.create({ project: home, displayName: "Old ERP" });
  const key = cloud.keys.create({ account: account.name });
  const stack = await start(() => {
    new dt.ProjectRoleBinding("jane", {
      project: production,
      member: "jane@example.com",
      role: "project.admin",
      adopt: true,
    });
    new dt.OrgAdminBinding("grace", { organization, member: "grace@example.com", adopt: true });
    new dt.ServiceAccount("erp", { project: home, displayName: "ERP", adopt: account.email });
    new dt.ServiceAccountKey("erp", { serviceAccount: account.name, adopt: key.id });
    new dt.ProjectRoleBinding("joe", {
      project: production,
      member: "joe@example.com",
      role: "project.user",
      adopt: true,
    });
  });
  const { stdout } = await stack.preview();
  for (const line of [
    `will adopt ${binding.name} (jane@example.com), as project.user, and will change the role to project.admin`,
    `will adopt ${admin.name} (grace@example.com), as organization.admin`,
    `will adopt ${account.name} (${account.email}, "Old ERP"), and will change displayName "Old ERP" to "ERP"`,
    `will adopt key ${key.name}`,
    `joe@example.com is not a member of ${production}, so they will be added as project.user`,
  ])
    expect(stdout).toContain(line);
});

test.each<[string, RegExp, (account: string) => unknown]>([
  [
    "account",
    /has no service account .*missing/,
    () => new dt.ServiceAccount("erp", { project: home, displayName: "ERP", adopt: "missing" }),
  ],
  [
    "key",
    /has no key .*missing/,
    (serviceAccount) => new dt.ServiceAccountKey("erp", { serviceAccount, adopt: "missing" }),
  ],
])("a preview fails if there is no %s to adopt", async (_what, message, program) => {
  const { name } = emulator.cloud.accounts.create({ project: home });
  const stack = await start(() => program(name));
  await expect(stack.preview()).rejects.toThrow(message);
});

test("a person who has left between the preview and the update is not invited again silently", async () => {
  const { name } = emulator.cloud.members.create({
    scope: production,
    email: "jane@example.com",
    roles: ["roles/project.user"],
  });
  const stack = await start(
    () =>
      new dt.ProjectRoleBinding("jane", {
        project: production,
        member: "jane@example.com",
        role: "project.user",
        adopt: true,
      }),
  );
  expect((await stack.preview()).stdout).toContain(`will adopt ${name}`);
  emulator.cloud.members.delete(name);
  expect((await stack.up()).stdout).toContain("not a member of");
});
