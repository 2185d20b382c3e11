import { startEmulator, type Emulator } from "../../emulator";
import * as pulumi from "@pulumi/pulumi";
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
const emails = (scope: string) => emulator.cloud.members.list(scope).map(({ email }) => email);
const role = (name: string, member: string, opts?: pulumi.CustomResourceOptions) =>
  new dt.ProjectRoleBinding(name, { project: production, member, role: "project.user", adopt: true }, opts);
const urnOf = (type: string, name: string) => `urn:pulumi:test::test::${type}::${name}`;
const bindingType = "pulumi-nodejs:dynamic/dt:ProjectRoleBinding";

test("a binding that gets another name without an alias keeps the access, and the run says which alias to add", async () => {
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
  expect(emails(production)).not.toContain("jane@example.com");
  expect(emails(organization)).not.toContain("grace@example.com");
});

test("a binding that moves into a component keeps the access, and changing a list of projects into a map changes nothing", async () => {
  const member = "jane@example.com";
  const grant = (projects: dt.AccessGrantArgs["projects"]) => () =>
    new dt.AccessGrant("jane", { member, role: "project.user", adopt: true, projects });
  const stack = await start(() => role("jane", member));
  await stack.up();
  const before = accessIn(emulator);

  stack.program = grant([production]);
  expect((await stack.up()).stdout).toContain(`aliases: ["${urnOf(bindingType, "jane")}"]`);
  expect(accessIn(emulator)).toEqual(before);

  stack.program = grant({ production });
  expect((await stack.up({ expectNoChanges: true })).changes).toEqual({});
  stack.program = () =>
    new dt.AccessGrant("team", { member, role: "project.user", adopt: true, projects: { production } });
  expect((await stack.up()).stdout).toContain("or the component around it");
  expect(accessIn(emulator)).toEqual(before);
  expect(deletions()).toEqual([]);
});

test("a list of members by index keeps everybody when a member is added at the front", async () => {
  const table = (members: string[]) => () => members.map((member, index) => role(`member-${index}`, member));
  const stack = await start(table(["ann@example.com", "bob@example.com", "cy@example.com"]));
  await stack.up();
  const before = accessIn(emulator).members.length;
  stack.program = table(["zoe@example.com", "ann@example.com", "bob@example.com", "cy@example.com"]);
  await stack.up({ parallel: 1 });
  expect(accessIn(emulator).members).toHaveLength(before + 1);
  expect(deletions()).toEqual([]);
  stack.program = table(["cy@example.com", "zoe@example.com"]);
  await stack.up();
  expect(emails(production)).toEqual(expect.arrayContaining(["cy@example.com", "zoe@example.com"]));
  expect(emails(production)).not.toContain("ann@example.com");
  expect(emails(production)).not.toContain("bob@example.com");
});

test.each([
  ["up", (stack: engine.InlineStack, target: string[]) => stack.up({ target })],
  ["destroy", (stack: engine.InlineStack, target: string[]) => stack.destroy({ target })],
])(
  "a new name that is targeted first, and the old one that %s --target deletes later, keep the access",
  async (_command, remove) => {
    const stack = await start(() => role("jane", "jane@example.com"));
    await stack.up();
    stack.program = () => role("jane-2", "jane@example.com");
    await stack.up({ target: [urnOf(bindingType, "jane-2")] });
    const before = accessIn(emulator);
    const { stdout } = await remove(stack, [urnOf(bindingType, "jane")]);
    expect(stdout).toContain('"jane-2" has it too');
    expect(accessIn(emulator)).toEqual(before);
    await stack.destroy();
    expect(emails(production)).not.toContain("jane@example.com");
  },
);

test("a membership that a state holds twice is removed once, when both resources are deleted", async () => {
  const stack = await start(() => role("jane", "jane@example.com"));
  await stack.up();
  stack.program = () => role("jane-2", "jane@example.com");
  await stack.up({ target: [urnOf(bindingType, "jane-2")] });
  emulator.requests.clear();
  await stack.destroy();
  expect(emails(production)).not.toContain("jane@example.com");
  expect(deletions()).toHaveLength(1);
});

test("a key that is renamed in the middle of an overlap keeps its predecessor until the overlap ends", async () => {
  const account = () => new dt.ServiceAccount("erp", { project: home, displayName: "ERP" });
  const program =
    (round: string, name = "erp", adopt?: string) =>
    () => {
      const { id } = account();
      const args = {
        serviceAccount: id,
        rotationTriggers: { round },
        ...(adopt === undefined ? {} : { adopt }),
      };
      const { keyId } = new dt.ServiceAccountKey(name, args);
      return { keyId };
    };
  const stack = await start(program("1"));
  await stack.up();
  stack.program = program("2");
  await stack.up();
  const before = accessIn(emulator).keys.length;
  const { keyId } = (await stack.outputs()) as { keyId: string };
  stack.program = program("2", "erp-2", keyId);
  await stack.up();
  expect(accessIn(emulator).keys).toHaveLength(before);
  await stack.destroy();
  expect(accessIn(emulator).keys).toHaveLength(before - 2);
});

test("an invitation that is removed is sent again by the next up --refresh", async () => {
  const stack = await start(() => role("jane", "jane@example.com"));
  await stack.up();
  const invitations = () => emulator.cloud.mails.filter(({ to }) => to === "jane@example.com").length;
  expect(invitations()).toBe(1);
  const { name } = emulator.cloud.members.list(production).find(({ email }) => email === "jane@example.com")!;
  emulator.cloud.members.delete(name);
  await stack.up({ refresh: true });
  expect(invitations()).toBe(2);
});

test("a rename and a replacement of a membership whose address has changed keep it and invite nobody", async () => {
  const stack = await start(() => role("jane", "jane@example.com"));
  await stack.up();
  const { name } = emulator.cloud.members.list(production).find(({ email }) => email === "jane@example.com")!;
  emulator.cloud.members.update(name, { email: "jane.doe@example.org", status: "ACCEPTED" });
  const before = accessIn(emulator);
  await stack.up({ replace: [urnOf(bindingType, "jane")] });
  expect(accessIn(emulator)).toEqual(before);
  stack.program = () => role("jane-2", "jane@example.com");
  await stack.up();
  expect(accessIn(emulator)).toEqual(before);
  expect(deletions()).toEqual([]);
  expect((await stack.up({ refresh: true, expectNoChanges: true })).changes).toEqual({});
});

test.each<[string, (stack: engine.InlineStack) => Promise<engine.Run>]>([
  ["--exclude leaves the new name out", (stack) => stack.up({ exclude: [urnOf(bindingType, "jane-2")] })],
  ["--target names only the old name", (stack) => stack.up({ target: [urnOf(bindingType, "jane")] })],
])("a rename keeps the access if %s, before any resource has adopted the membership", async (_how, run) => {
  const stack = await start(() => role("jane", "jane@example.com"));
  await stack.up();
  const before = accessIn(emulator);
  stack.program = () => role("jane-2", "jane@example.com");
  expect((await run(stack)).stdout).toContain('"jane-2" has it too');
  expect(accessIn(emulator)).toEqual(before);
  await stack.up();
  expect(accessIn(emulator)).toEqual(before);
  await stack.destroy();
  expect(emails(production)).not.toContain("jane@example.com");
});

test("a binding that was renamed with an alias keeps the access when its old name returns and is not in the run", async () => {
  const stack = await start(() => role("jane", "jane@example.com"));
  await stack.up();
  stack.program = () => role("jane-2", "jane@example.com", { aliases: [{ name: "jane" }] });
  await stack.up();
  const before = accessIn(emulator);
  stack.program = () => role("jane", "jane@example.com");
  expect((await stack.up({ exclude: [urnOf(bindingType, "jane")] })).stdout).toContain('"jane" has it too');
  expect(accessIn(emulator)).toEqual(before);
});
