import { startEmulator, type Emulator } from "../../emulator";
import { accessIn, projectNamed, writesTo } from "../engine/access";
import { doors, type Kind } from "../engine/harness/doors";
import { stack, type InlineStack } from "../engine/harness/engine";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/** What every user may rely on, through both ways of declaring resources, on the real engine. */

jest.setTimeout(300_000);

type Args = Readonly<Record<string, unknown>>;

describe.each(doors)("%s", (_name, door) => {
  let emulator: Emulator;
  let run: InlineStack;
  let production: string;
  let home: string;
  let organization: string;
  beforeAll(async () => {
    emulator = await startEmulator();
    [production, home] = [projectNamed(emulator, "Production"), projectNamed(emulator, "Staging")];
    organization = emulator.cloud.organizations.list()[0]!.name;
    run = await stack({ program: () => undefined, env: { ...emulator.settings } });
  });
  afterAll(() => emulator.close());

  const members = (scope: string) =>
    Object.fromEntries(emulator.cloud.members.list(scope).map(({ email, roles }) => [email, roles[0]]));
  const named = (displayName: string) =>
    emulator.cloud.accounts.list().find((account) => account.displayName === displayName)!;
  const keysOf = (account: string) => emulator.cloud.keys.list(account);
  const urnOf = (kind: Kind, name: string) => `urn:pulumi:test::test::${door.typeOf(kind)}::${name}`;
  const quiet = async () => {
    emulator.requests.clear();
    expect((await run.up({ expectNoChanges: true })).changes).toEqual({});
    expect((await run.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
    expect(writesTo(emulator)).toEqual([]);
  };

  describe("an account, its key, roles and a member list", () => {
    /** The arguments of the program, as a person edits them. */
    const declared: Record<"account" | "key" | "role" | "admin" | "list", Args> = {
      account: { displayName: "ERP" },
      key: { rotateAfter: "90d", overlap: "24h" },
      role: { role: "project.user" },
      admin: {},
      list: { mode: "report" },
    };
    const program = () => {
      const account = door.declare("ServiceAccount", "erp", { project: home, ...declared.account });
      const key = door.declare("ServiceAccountKey", "erp", { serviceAccount: account.id, ...declared.key });
      const role = { project: production, member: account.email, ...declared.role };
      door.declare("ProjectRoleBinding", "erp", role);
      door.declare("OrgAdminBinding", "grace", {
        organization,
        member: "grace@example.com",
        ...declared.admin,
      });
      const everybody = [account.email, ...Object.keys(before)];
      door.declare("ProjectAccess", "production", {
        project: production,
        members: everybody,
        ...declared.list,
      });
      const { keyId, secret, previousKeyId, credentials } = key;
      return { keyId, secret, previousKeyId, credentials };
    };
    let before: Readonly<Record<string, string | undefined>>;

    test("are created; a second run and a refresh change nothing, and the state keeps no secret in clear", async () => {
      before = members(production);
      run.program = program;
      expect((await run.up()).changes).toMatchObject({ create: expect.any(Number) as number });
      const { email, name } = named("ERP");
      expect(members(production)).toEqual({ ...before, [email]: "roles/project.user" });
      expect(members(organization)).toMatchObject({ "grace@example.com": "roles/organization.admin" });
      const { keyId, secret } = await run.outputs();
      expect(keysOf(name)).toMatchObject([{ name: `${name}/keys/${String(keyId)}` }]);
      expect(run.stateText()).toContain(String(keyId));
      expect(run.stateText()).not.toContain(String(secret));
      await quiet();
    });

    test("change in place, each with one PATCH", async () => {
      declared.account = { displayName: "ERP 2" };
      declared.role = { role: "project.developer" };
      emulator.requests.clear();
      expect((await run.up()).changes).toEqual({ update: 2 });
      expect(writesTo(emulator)).toEqual([
        "PATCH /v2/projects/*/members/*",
        "PATCH /v2/projects/*/serviceaccounts/*",
      ]);
      expect(members(production)).toMatchObject({ [named("ERP 2").email]: "roles/project.developer" });
      await quiet();
    });

    test("show each change that somebody makes by hand, and the next up repairs it", async () => {
      const { name, email } = named("ERP 2");
      const membership = emulator.cloud.members.list(production).find((member) => member.email === email)!;
      emulator.cloud.accounts.update(name, { displayName: "renamed by hand" });
      emulator.cloud.members.update(membership.name, { roles: ["roles/project.admin"] });
      const grace = emulator.cloud.members
        .list(organization)
        .find((member) => member.email.startsWith("grace"))!;
      emulator.cloud.members.delete(grace.name);
      emulator.cloud.members.create({
        scope: production,
        email: "mallory@example.com",
        roles: ["roles/project.user"],
      });
      await expect(run.previewRefresh({ expectNoChanges: true })).rejects.toThrow(
        /displayName(.|\n)*role|role(.|\n)*displayName/,
      );
      const { stdout } = await run.preview({ refresh: true });
      expect(stdout).toMatch(/ProjectAccess production update \[diff: ~.*undeclared\]/);
      await run.up({ refresh: true });
      expect(named("ERP 2").name).toBe(name);
      expect(members(production)).toMatchObject({ [email]: "roles/project.developer" });
      expect(members(organization)).toMatchObject({ "grace@example.com": "roles/organization.admin" });
      emulator.cloud.members.delete(
        emulator.cloud.members.list(production).find((member) => member.email.startsWith("mallory"))!.name,
      );
      await quiet();
    });

    test("rotate the key in place: the previous key works until the overlap is over", async () => {
      const { name } = named("ERP 2");
      const { keyId: first } = await run.outputs();
      run.env.DT_AS_OF = new Date(Date.now() + 91 * 86_400_000).toISOString();
      expect((await run.preview()).stdout).toContain(`key ${String(first)} is replaced`);
      expect(keysOf(name)).toHaveLength(1);
      await run.up();
      const { keyId: second, previousKeyId } = await run.outputs();
      expect(second).not.toBe(first);
      expect(previousKeyId).toBe(first);
      expect(keysOf(name)).toHaveLength(2);
      await quiet();
      run.env.DT_AS_OF = new Date(Date.now() + 93 * 86_400_000).toISOString();
      await run.up();
      expect(keysOf(name)).toMatchObject([{ name: `${name}/keys/${String(second)}` }]);
      await quiet();
    });

    test("are replaced if their place changes, and the new role is there before the old one goes", async () => {
      const { email: old } = named("ERP 2");
      declared.account = { displayName: "ERP 2", project: production };
      await run.up();
      const { email } = named("ERP 2");
      expect(email).not.toBe(old);
      expect(Object.keys(members(production))).toEqual(expect.arrayContaining([email]));
      expect(Object.keys(members(production))).not.toContain(old);
      await quiet();
    });

    test("that are gone from the cloud are created again", async () => {
      const { name, email } = named("ERP 2");
      const membership = emulator.cloud.members.list(production).find((member) => member.email === email)!;
      emulator.cloud.members.delete(membership.name);
      for (const key of keysOf(name)) emulator.cloud.keys.delete(key.name);
      await run.up({ refresh: true });
      expect(members(production)).toMatchObject({ [email]: "roles/project.developer" });
      expect(keysOf(name)).toHaveLength(1);
      await quiet();
    });

    test("are removed when they are destroyed", async () => {
      await run.destroy();
      expect(named("ERP 2")).toBeUndefined();
      expect(members(production)).toEqual(before);
      expect(Object.keys(members(organization))).not.toContain("grace@example.com");
    });
  });

  test("a creation that is not finished is recorded, and the next up finishes it", async () => {
    run.env.DT_AS_OF = "";
    const existing = emulator.cloud.accounts.create({ project: home, displayName: "Delivered" });
    run.program = () => {
      door.declare("ServiceAccountKey", "delivered", {
        serviceAccount: existing.name,
        retirement: "afterDelivery",
      });
    };
    emulator.faults.add({
      ...{ path: "/oauth2/token", caller: existing.email, times: "untilCleared" },
      effect: { kind: "respond", status: 400, body: {} },
    });
    await expect(run.up()).rejects.toThrow("does not log in yet; the next update tries again");
    emulator.faults.clear();
    expect((await run.up()).changes).toEqual({ update: 1 });
    expect(keysOf(existing.name)).toHaveLength(1);
    await quiet();
    await run.destroy();
    expect(keysOf(existing.name)).toHaveLength(0);
  });

  test("what Pulumi itself needs is not taken away", async () => {
    const { email } = emulator.admin;
    const own = (opts?: CustomResourceOptions) =>
      door.declare("OrgAdminBinding", "own", { organization, member: email, adopt: true }, opts);
    run.program = () => void own();
    await run.up();
    run.program = () => undefined;
    await expect(run.up()).rejects.toThrow("refused");
    expect(members(organization)).toMatchObject({ [email]: "roles/organization.admin" });
    run.program = () => void own({ retainOnDelete: true });
    await run.up();
    await run.destroy();
    expect(members(organization)).toMatchObject({ [email]: "roles/organization.admin" });
  });

  test("two companies keep to their own credentials", async () => {
    const second = emulator.cloud.accounts.create({ project: home, displayName: "Second Pulumi" });
    emulator.cloud.members.create({
      scope: organization,
      email: second.email,
      roles: ["roles/organization.admin"],
    });
    const { email, keyId, secret } = emulator.cloud.credentials(second.name);
    run.program = () => {
      const { url: apiUrl, tokenEndpoint } = emulator;
      const provider = door.provider("second", { keyId, keySecret: secret, email, apiUrl, tokenEndpoint });
      door.declare(
        "ProjectRoleBinding",
        "ann",
        { project: home, member: "ann@example.com", role: "project.user" },
        { provider },
      );
      door.declare("ProjectRoleBinding", "bob", {
        project: home,
        member: "bob@example.com",
        role: "project.user",
      });
    };
    emulator.requests.clear();
    await run.up();
    const callers = emulator.requests
      .filter(({ method, path }) => method === "POST" && path.includes("/members"))
      .map(({ caller }) => caller);
    expect(callers.sort()).toEqual([email, emulator.admin.email].sort());
    expect(run.stateText()).not.toContain(secret);
    await quiet();
    await run.destroy();
    expect(Object.keys(members(home))).not.toContain("ann@example.com");
  });

  test("renaming, replacing and options of the engine work, and a rename without an alias keeps the access", async () => {
    const ann =
      (name: string, args: Args = {}, opts?: CustomResourceOptions) =>
      () =>
        void door.declare(
          "ProjectRoleBinding",
          name,
          { project: home, member: "ann@example.com", role: "project.user", adopt: true, ...args },
          opts,
        );
    run.program = ann("ann");
    await run.up();
    const before = accessIn(emulator);
    run.program = ann("anna", {}, { aliases: [{ name: "ann" }] });
    expect((await run.up({ expectNoChanges: true })).changes).toEqual({});
    run.program = ann("anne");
    expect((await run.up()).stdout).toContain('aliases: [{ name: "anna" }]');
    expect((await run.up({ replace: [urnOf("ProjectRoleBinding", "anne")] })).changes).toEqual({
      replace: 1,
    });
    run.program = ann("anne", { role: "project.admin" }, { ignoreChanges: ["role"] });
    expect((await run.up({ expectNoChanges: true })).changes).toEqual({});
    expect(accessIn(emulator)).toEqual(before);
    run.program = ann("anne", { role: "project.admin" }, { replaceOnChanges: ["role"] });
    expect((await run.up()).changes).toEqual({ replace: 1 });
    expect(members(home)).toMatchObject({ "ann@example.com": "roles/project.admin" });
    await run.destroy();
    expect(Object.keys(members(home))).not.toContain("ann@example.com");
  });

  test("many bindings take few requests", async () => {
    const emails = Array.from({ length: 60 }, (_, index) => `person-${index}@example.com`);
    run.program = () => {
      for (const member of emails)
        door.declare("ProjectRoleBinding", member, { project: home, member, role: "project.user" });
    };
    const requests = async (work: () => Promise<unknown>): Promise<number> => {
      emulator.requests.clear();
      await work();
      return emulator.requests.filter(({ path }) => path.startsWith("/v2/")).length;
    };
    expect(await requests(() => run.up({ parallel: 64 }))).toBeLessThanOrEqual(6);
    expect(
      await requests(() => run.previewRefresh({ expectNoChanges: true, parallel: 64 })),
    ).toBeLessThanOrEqual(4);
    // What is young may not be in all lists yet, so it is removed one by one.
    emulator.clock.advance(60_000);
    expect(await requests(() => run.destroy({ parallel: 64 }))).toBeLessThanOrEqual(12);
    expect(Object.keys(members(home))).not.toContain("person-1@example.com");
  });
});
