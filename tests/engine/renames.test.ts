import { startEmulator, type Emulator } from "../../emulator";
import * as dt from "../../sdk";
import { accessIn, projectNamed, writesTo } from "./access";
import * as engine from "./harness/engine";

jest.setTimeout(240_000);

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
const deletions = () => writesTo(emulator).filter((write) => /DELETE|batchDelete/.test(write));
const members = (scope: string) =>
  emulator.cloud.members.list(scope).map(({ email, roles }) => [email, ...roles]);

test("a binding that gets another name without an alias keeps the access, and the run tells which alias to give", async () => {
  const jane = (name: string, adopt = false) => {
    new dt.ProjectRoleBinding(name, {
      project: production,
      member: "jane@example.com",
      role: "project.user",
      adopt,
    });
    new dt.OrgAdminBinding(`${name}-boss`, { organization, member: "grace@example.com", adopt });
  };
  const stack = await start(() => jane("jane"));
  await stack.up();
  const before = accessIn(emulator);

  stack.program = () => jane("jane-2");
  await expect(stack.up()).rejects.toThrow(
    /already a member .* "jane".* of this stack holds .* aliases: \[\{ name: "jane" \}\]/s,
  );
  expect(accessIn(emulator)).toEqual(before);

  stack.program = () => jane("jane-2", true);
  const moved = await stack.up();
  expect(moved.stdout).toContain('aliases: [{ name: "jane" }]');
  expect(moved.stdout).toContain('aliases: [{ name: "jane-boss" }]');
  expect(accessIn(emulator)).toEqual(before);
  expect(deletions()).toEqual([]);
  expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});

  await stack.destroy();
  expect(members(production)).not.toContainEqual(["jane@example.com", "roles/project.user"]);
  expect(members(organization)).not.toContainEqual(["grace@example.com", "roles/organization.admin"]);
});
