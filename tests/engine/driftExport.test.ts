import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";

jest.setTimeout(200_000);

let world: World;
let project: string;
const run = (...args: string[]) => command(args, { env: { ...world.settings } });

/** The cloud of a company that has never used Pulumi. Some names are not valid in TypeScript. */
beforeAll(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
  const { accounts, keys, members, users } = world.cloud;
  users.create({ email: "Mixed.Case@Example.com", displayName: "Mixed" });
  for (const displayName of ["ERP", "erp", "class", '42 "quotes" `${x}` \\ \'\u2028', "Ærø & søn"]) {
    const { name, email } = accounts.create({ project, displayName, enableBasicAuth: displayName === "erp" });
    keys.create({ account: name });
    members.create({ scope: project, email, roles: ["roles/project.developer"] });
  }
  members.create({ scope: project, email: "Mixed.Case@Example.com", roles: ["roles/project.admin"] });
  members.create({ scope: project, email: "invited@example.com", roles: ["roles/project.user"] });
  // One address in two spellings. The API treats them as two people.
  for (const form of ["NFC", "NFD"] as const)
    members.create({
      scope: project,
      email: "ren\u00e9@example.com".normalize(form),
      roles: ["roles/project.user"],
    });
  members.create({
    scope: project,
    email: "two@example.com",
    roles: ["roles/project.user", "roles/project.admin"],
  });
  accounts.create({ project, displayName: "" });
});

test("The first up of the exported program adopts everything and writes nothing; the drift that remains cannot be written as a program.", async () => {
  const exported = await run("export", "--project", project, "--organization", world.organization);
  expect(exported.exitCode).toBe(0);
  expect(exported.stderr.split("\n").filter((line) => line.startsWith("left out: "))).toEqual([
    expect.stringContaining("no display name"),
    expect.stringContaining("same address in another spelling"),
    expect.stringContaining("2 roles"),
  ]);
  const stack = await engine.stack({ files: { "index.ts": exported.stdout }, env: { ...world.settings } });
  const before = world.snapshot();
  world.requests.clear();
  const { text, exitCode } = await stack.up();
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  // Five accounts with keys and memberships, three people, two administrators.
  expect(text).toMatch(/\+ 21 created/);
  // The types are right. The next runs need not check them again.
  stack.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  expect(text).toContain("adopted service account");
  // The provider asks for each membership and adopts it when the API reports that it exists. None of these
  // requests changed anything.
  const writes = world.requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/v2/"));
  expect(writes.every(({ status }) => status >= 400)).toBe(true);
  expect(world.snapshot()).toEqual(before);

  expect(await stack.run("preview", "--refresh", "--expect-no-changes")).toMatchObject({ exitCode: 0 });
  const state = await stack.run("stack", "export");
  const drift = await command(["drift", "--state", "-", "--format", "json"], {
    env: { ...world.settings },
    input: state.stdout,
  });
  const { findings } = JSON.parse(drift.stdout) as { findings: { class: string; email?: string }[] };
  expect(findings.filter(({ class: kind }) => kind !== "pending")).toHaveLength(3);
  const again = await command(["export", "--state", "-"], {
    env: { ...world.settings },
    input: state.stdout,
  });
  expect(again.stdout).not.toContain("new dt.");
  for (const secret of await world.secrets()) expect(exported.stdout).not.toContain(secret);

  // Everything that existed before is protected.
  const destroyed = await stack.destroy();
  expect(destroyed.exitCode).not.toBe(0);
  expect(destroyed.text).toMatch(/cannot be deleted\s+because it is protected/);
  expect(destroyed.text).toContain("pulumi state unprotect");
  stack.write("index.ts", 'import "pulumi-dt";\n');
  expect((await stack.up()).exitCode).not.toBe(0);
  expect(world.snapshot()).toEqual(before);
});

test("Each way in the program's own comment removes the protection: one deletes the resource, the other keeps it.", async () => {
  const { stdout } = await run("export", "--organization", world.organization);
  const [, ada] = /new dt\.OrgAdminBinding\("(ada[^"]*)"/.exec(stdout) ?? [];
  expect(stdout.split("import ")[0]).toMatch(/protect: true[^]*retainOnDelete: true/);
  const stack = await engine.stack({ files: { "index.ts": stdout }, env: { ...world.settings } });
  const must = async (text: string) => {
    stack.write("index.ts", text);
    const { text: said, exitCode } = await stack.up();
    expect({ said, exitCode }).toMatchObject({ exitCode: 0 });
  };
  await must(stdout);
  // Checking the types of these small edits would take longer than everything else.
  stack.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  const isThere = () =>
    world.cloud.members.list(world.organization).some(({ email }) => email === "ada@example.com");
  const resource = new RegExp(`new dt\\.OrgAdminBinding\\("${ada!}"[^;]*;\n`);
  const withOption = (option: string) =>
    stdout.replace(resource, (text) => text.replace("{ protect: true }", option));
  const without = stdout.replace(resource, "");

  await must(withOption("{ retainOnDelete: true }"));
  await must(without);
  expect(isThere()).toBe(true);

  await must(stdout);
  await must(withOption("{}"));
  await must(without);
  expect(isThere()).toBe(false);
});

test("--no-keys leaves keys out, and export does not overwrite an existing file.", async () => {
  const { stdout } = await run("export", "--project", project, "--no-keys");
  expect(stdout).toContain("ServiceAccount(");
  expect(stdout).not.toContain("ServiceAccountKey(");
  expect(await run("export", "--project", project, "--out", "package.json")).toMatchObject({ exitCode: 1 });
});

test("export writes nothing if it could not read something: the program would look complete.", async () => {
  world.faults.add({
    path: `/v2/${project}/members`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  expect(await run("export", "--project", project)).toMatchObject({ exitCode: 1, stdout: "" });
  world.faults.clear();
});
