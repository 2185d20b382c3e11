import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../emulator";
import { accessIn, projectNamed, writesTo } from "./access";
import { doors } from "./harness/doors";
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

describe.each(doors)("with %s,", (_name, door) => {
  const role = (name: string, member: string, opts?: pulumi.CustomResourceOptions) =>
    door.declare(
      "ProjectRoleBinding",
      name,
      { project: production, member, role: "project.user", adopt: true },
      opts,
    );
  const urnOf = (kind: "ProjectRoleBinding" | "OrgAdminBinding", name: string) =>
    `urn:pulumi:test::test::${door.typeOf(kind)}::${name}`;

  test("the account that Pulumi runs as, its key and its administration can be renamed, and nothing is deleted", async () => {
    const { name, email, keyId, secret } = emulator.admin;
    const { displayName } = emulator.cloud.accounts.get(name)!;
    const self = (resource: string) => {
      const account = door.declare("ServiceAccount", resource, { project: home, displayName, adopt: email });
      door.declare("ServiceAccountKey", resource, { serviceAccount: account.id, adopt: keyId, secret });
      door.declare("OrgAdminBinding", resource, { organization, member: account.email, adopt: true });
    };
    const stack = await start(() => self("self"));
    await stack.up();
    const before = accessIn(emulator);
    stack.program = () => self("pulumi");
    const { stdout } = await stack.up();
    expect(stdout).toContain(`kept ${name}`);
    expect(stdout).toContain(`kept ${name}/keys/${keyId}`);
    expect(accessIn(emulator)).toEqual(before);
    expect(deletions()).toEqual([]);
    expect((await stack.up({ expectNoChanges: true, refresh: true })).changes).toEqual({});
    const { deployment } = (await stack.exportState()) as { deployment: { resources: { urn: string }[] } };
    expect(deployment.resources.filter(({ urn }) => urn.endsWith("::self"))).toEqual([]);
  });

  test("a replacement that gets the same membership keeps it, without adopt and without a message about an interrupted run", async () => {
    const stack = await start(() => {
      door.declare("ProjectRoleBinding", "jane", {
        project: production,
        member: "jane@example.com",
        role: "project.user",
      });
      door.declare("OrgAdminBinding", "grace", { organization, member: "grace@example.com" });
    });
    await stack.up();
    const before = accessIn(emulator);
    const replace = [urnOf("ProjectRoleBinding", "jane"), urnOf("OrgAdminBinding", "grace")];
    const { stdout, changes } = await stack.up({ replace });
    expect(changes).toEqual({ replace: 2 });
    expect(stdout).not.toContain("interrupted");
    expect(accessIn(emulator)).toEqual(before);
    expect(deletions()).toEqual([]);
    expect((await stack.up({ refresh: true, expectNoChanges: true })).changes).toEqual({});
  });

  test("a rename under another provider keeps the access, although each provider has its own process", async () => {
    const { email, keyId, secret } = emulator.admin;
    const provider = () =>
      door.provider("second", {
        ...{ email, keyId, keySecret: secret },
        ...{ apiUrl: emulator.url, tokenEndpoint: emulator.tokenEndpoint },
      });
    const stack = await start(() => role("jane", "jane@example.com"));
    await stack.up();
    const before = accessIn(emulator);
    stack.program = () => role("jane-2", "jane@example.com", { provider: provider() });
    expect((await stack.up()).stdout).toContain('"jane-2" has it too');
    expect(accessIn(emulator)).toEqual(before);
    await stack.destroy();
    expect(emails(production)).not.toContain("jane@example.com");
  });

  test("a stack that holds one membership under two providers removes it when it is destroyed", async () => {
    const { email, keyId, secret } = emulator.admin;
    const stack = await start(() => role("jane", "jane@example.com"));
    await stack.up();
    stack.program = () => {
      const provider = door.provider("second", {
        ...{ email, keyId, keySecret: secret },
        ...{ apiUrl: emulator.url, tokenEndpoint: emulator.tokenEndpoint },
      });
      role("jane", "jane@example.com");
      role("jane-2", "jane@example.com", { provider });
    };
    await stack.up();
    const before = accessIn(emulator);
    stack.program = () => role("jane", "jane@example.com");
    await stack.up();
    expect(accessIn(emulator)).toEqual(before);
    await stack.destroy();
    expect(emails(production)).not.toContain("jane@example.com");
  });

  test("a replacement that deletes first keeps a membership that another resource of the program will hold", async () => {
    const first = (member: string) => role("first", member, { deleteBeforeReplace: true });
    const stack = await start(() => first("jane@example.com"));
    await stack.up();
    const [jane] = emulator.cloud.members
      .list(production)
      .filter(({ email }) => email === "jane@example.com");
    stack.program = () => {
      first("joe@example.com");
      role("second", "jane@example.com");
    };
    await stack.up();
    expect(deletions()).toEqual([]);
    expect(emulator.cloud.members.get(jane!.name)).toEqual(jane);
    expect(emails(production)).toContain("joe@example.com");
  });

  test("a binding that was renamed with an alias is removed with its resource, even when its old name is used again", async () => {
    const stack = await start(() => role("jane", "jane@example.com"));
    await stack.up();
    stack.program = () => role("jane-2", "jane@example.com", { aliases: [{ name: "jane" }] });
    expect((await stack.up()).changes).toEqual({});
    stack.program = () => {
      role("jane", "joe@example.com");
      role("jane-2", "jane@example.com");
    };
    await stack.up();
    stack.program = () => role("jane", "joe@example.com");
    await stack.up();
    expect(emails(production)).not.toContain("jane@example.com");
    expect(emails(production)).toContain("joe@example.com");
  });

  test("a rename with an alias and a replacement in one run keep the membership, without adopt", async () => {
    const jane = (name: string, role: string, opts?: pulumi.CustomResourceOptions) =>
      door.declare(
        "ProjectRoleBinding",
        name,
        { project: production, member: "jane@example.com", role },
        opts,
      );
    const stack = await start(() => jane("jane", "project.user"));
    await stack.up();
    const [before] = emulator.cloud.members
      .list(production)
      .filter(({ email }) => email === "jane@example.com");
    stack.program = () =>
      jane("jane-2", "project.developer", { aliases: [{ name: "jane" }], replaceOnChanges: ["role"] });
    expect((await stack.up()).changes).toEqual({ replace: 1 });
    expect(emulator.cloud.members.get(before!.name)).toEqual({
      ...before,
      roles: ["roles/project.developer"],
    });
    expect(deletions()).toEqual([]);
  });

  test("a binding that moves into a component keeps the access, and into another one with the component's alias changes nothing", async () => {
    const inTeam = (team: string, opts?: pulumi.ComponentResourceOptions) => () => {
      const parent = new pulumi.ComponentResource("test:index:Team", team, {}, opts);
      role("jane", "jane@example.com", { parent });
    };
    const stack = await start(() => role("jane", "jane@example.com"));
    await stack.up();
    const before = accessIn(emulator);
    stack.program = inTeam("team");
    expect((await stack.up()).stdout).toContain("or the component around it");
    expect(accessIn(emulator)).toEqual(before);
    stack.program = inTeam("squad", { aliases: [{ name: "team" }] });
    expect((await stack.up()).changes).toEqual({});
    expect(deletions()).toEqual([]);
  });
});
