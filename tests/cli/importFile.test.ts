import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startWorld, type World } from "../provider/world";
import { cli, containing, folder } from "./command";
import { withDoor } from "./doors";
import { exported, type Exported } from "./state";

let world: World;
let project: string;
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
});
const run = (...args: string[]) => cli(args, { env: { ...world.settings } });

describe("--import-file", () => {
  interface ImportFile {
    nameTable?: Record<string, string>;
    resources: { type: string; name: string; id: string; provider?: string }[];
  }
  const importFile = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as ImportFile;
  const withState = (state: Exported, ...args: string[]) =>
    cli(["export", "--import-file", "--state", "-", ...args], {
      env: { ...world.settings },
      input: JSON.stringify(state),
    });
  /** An account with a key and a membership, and a person. */
  function fill(displayName = "ERP") {
    const account = world.cloud.accounts.create({ project, displayName });
    const key = world.cloud.keys.create({ account: account.name });
    const invite = (email: string) =>
      world.cloud.members.create({ scope: project, email, roles: ["roles/project.user"] });
    return { account, key, members: [invite(account.email), invite("jane@example.com")] };
  }

  test("writes the same resources as the program, by the same names, with the ids that the API has for them.", async () => {
    const { account, key, members } = fill();
    const args = ["export", "--project", project, "--organization", world.organization];
    const [program, file] = await Promise.all([run(...args), run(...args, "--import-file")]);
    const { nameTable, resources } = importFile(file);
    expect(nameTable).toBeUndefined();
    expect(resources.map(({ type, name }) => `${type} ${name}`)).toEqual(
      [...program.stdout.matchAll(/new dt\.(\w+)\("([^"]+)"/g)].map(
        ([, kind, name]) => `disruptive:index:${kind!} ${name!}`,
      ),
    );
    expect(resources.map(({ id }) => id)).toEqual(
      expect.arrayContaining([account, key, ...members].map(({ name }) => name)),
    );
    const admins = world.cloud.members.list(world.organization).map(({ name }) => name);
    expect(resources.filter(({ type }) => type.endsWith("OrgAdminBinding")).map(({ id }) => id)).toEqual(
      admins.sort(),
    );
    for (const secret of await world.secrets()) expect(file.stdout).not.toContain(secret);
  });

  test("leaves out the same as the program, and says why on standard error; --no-keys and --out work as with it.", async () => {
    fill();
    world.cloud.accounts.create({ project, displayName: "" });
    world.cloud.members.create({
      scope: project,
      email: "two@example.com",
      roles: ["roles/project.user", "roles/project.admin"],
    });
    const [program, file] = await Promise.all([
      run("export", "--project", project),
      run("export", "--project", project, "--import-file"),
    ]);
    expect(file.stderr).toBe(program.stderr);
    expect(file.stderr).toContain("2 roles");
    const path = join(folder(), "import.json");
    expect(
      await run("export", "--project", project, "--import-file", "--no-keys", "--out", path),
    ).toMatchObject({ exitCode: 0, stdout: "" });
    const written = importFile({ stdout: readFileSync(path, "utf8") });
    expect(written.resources.some(({ type }) => type.endsWith("Key"))).toBe(false);
    expect(await run("export", "--project", project, "--import-file", "--out", path)).toMatchObject({
      exitCode: 1,
    });
  });

  test("with a state has only what the stack does not declare, at either door, and no member that a project inherits; no resource of the stack has a name in it.", async () => {
    world.unknowns.orgAdminsInProjectLists = "both";
    const stack = world.stack();
    await stack.up({
      erp: ["serviceAccount", { project, displayName: "ERP" }],
      "jane-example-com-in-x": [
        "projectRoleBinding",
        { project, member: "jane@example.com", role: "project.user" },
      ],
    });
    world.cloud.accounts.create({ project, displayName: "ERP" });
    for (const door of ["dynamic", "plugin"] as const) {
      const file = await withState(withDoor(exported(stack), door));
      const names = importFile(file)
        .resources.filter(({ type }) => type.endsWith("Account"))
        .map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["erp-2"]));
      expect(names).not.toContain("erp");
      const ids = importFile(file).resources.map(({ id }) => id);
      for (const { id } of Object.values(stack.made)) expect(ids).not.toContain(id);
      const own = world.cloud.members.list(project).map(({ name }) => name);
      expect(ids.filter((id) => id.includes("/members/") && !own.includes(id))).toEqual([]);
    }
  });

  describe("with --provider", () => {
    const urn = "urn:pulumi:test::access::pulumi:providers:disruptive::company-b";
    const ofB = async (providerUrn = urn) => {
      const stack = world.stack();
      const [, , other] = world.projects as [string, string, string];
      await stack.up({
        a: ["serviceAccount", { project: other, displayName: "A" }],
        b: ["serviceAccount", { project, displayName: "B" }],
      });
      const state = withDoor(exported(stack), "plugin");
      const { resources } = state.deployment;
      resources.push({ urn: providerUrn, custom: true, id: "u", type: providerUrn.split("::")[2]! });
      resources.find((resource) => resource.urn.endsWith("::b"))!.provider = `${providerUrn}::u`;
      return { state, other };
    };

    test("has what is undeclared where the explicit provider declares something, and imports it with this provider.", async () => {
      const { state, other } = await ofB();
      world.cloud.accounts.create({ project, displayName: "Company B" });
      world.cloud.accounts.create({ project: other, displayName: "Elsewhere" });
      const file = await withState(state, "--provider", "company-b");
      const { nameTable, resources } = importFile(file);
      expect(file.stderr).toBe("");
      expect(nameTable).toEqual({ "company-b": urn });
      expect(new Set(resources.map(({ provider }) => provider))).toEqual(new Set(["company-b"]));
      expect(resources.every(({ id }) => id.startsWith(project))).toBe(true);
      // The name of the provider belongs to the provider in the whole file.
      expect(resources.map(({ name }) => name)).toContain("company-b-2");

      const rest = await withState(state);
      expect(rest.stderr).toContain(
        'only the provider "company-b" declares something; export them by --provider company-b',
      );
      expect(importFile(rest).resources.every(({ id }) => id.startsWith(other))).toBe(true);
      expect(rest.stdout).not.toContain('"provider"');
    });

    test("is an error without --import-file, for a provider that the stack does not have, and for one of dynamic resources.", async () => {
      const { state } = await ofB("urn:pulumi:test::access::pulumi:providers:pulumi-nodejs::company-b");
      const input = JSON.stringify(state);
      const withoutFile = await cli(["export", "--state", "-", "--provider", "company-b"], {
        env: { ...world.settings },
        input,
      });
      expect(withoutFile).toMatchObject({
        exitCode: 1,
        stderr: containing("--provider needs --import-file"),
      });
      expect(await withState(state, "--provider", "c")).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: containing('--provider c: the state has no such provider; it has the providers "company-b"'),
      });
      expect(await withState(state, "--provider", "company-b")).toMatchObject({
        exitCode: 1,
        stderr: containing("is a provider of dynamic resources, and Pulumi can't import those"),
      });
    });
  });
});
