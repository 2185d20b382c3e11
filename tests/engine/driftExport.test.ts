import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";

jest.setTimeout(200_000);

let world: World;
let project: string;
const run = (...args: string[]) => command(args, { env: { ...world.settings } });

/** What a company has that never heard of Pulumi; with names that are no names in TypeScript. */
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
  members.create({
    scope: project,
    email: "two@example.com",
    roles: ["roles/project.user", "roles/project.admin"],
  });
  accounts.create({ project, displayName: "" });
});

test("The first up of what export writes takes everything over and writes nothing; then there is no drift left but what no program can say.", async () => {
  const exported = await run("export", "--project", project, "--organization", world.organization);
  expect(exported.exitCode).toBe(0);
  expect(exported.stderr.split("\n").filter((line) => line.startsWith("left out: "))).toEqual([
    expect.stringContaining("no display name"),
    expect.stringContaining("2 roles"),
  ]);
  const stack = await engine.stack({ files: { "index.ts": exported.stdout }, env: { ...world.settings } });
  const before = world.snapshot();
  world.requests.clear();
  const { text, exitCode } = await stack.up();
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  // Five accounts with keys and memberships, two people, two administrators.
  expect(text).toMatch(/\+ 20 created/);
  expect(text).toContain("took over service account");
  // A membership is asked for, and adopted when it is found to be there: no such request was carried out.
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
  expect(findings.filter(({ class: kind }) => kind !== "pending")).toHaveLength(2);
  const again = await command(["export", "--state", "-"], {
    env: { ...world.settings },
    input: state.stdout,
  });
  expect(again.stdout).not.toContain("new dt.");
  for (const secret of await world.secrets()) expect(exported.stdout).not.toContain(secret);
});

test("--no-keys leaves keys out, and a file that exists is not written over.", async () => {
  const { stdout } = await run("export", "--project", project, "--no-keys");
  expect(stdout).toContain("ServiceAccount(");
  expect(stdout).not.toContain("ServiceAccountKey(");
  expect(await run("export", "--project", project, "--out", "package.json")).toMatchObject({ exitCode: 1 });
});

test("Nothing is written where something could not be read: it would look complete.", async () => {
  world.faults.add({
    path: `/v2/${project}/members`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  expect(await run("export", "--project", project)).toMatchObject({ exitCode: 1, stdout: "" });
  world.faults.clear();
});
