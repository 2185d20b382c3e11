import { execa } from "execa";
import { startWorld, type World } from "../provider/world";
import { cli, containing, matching } from "./command";
import { installed } from "./installed";

let world: World;
let project: string;
beforeEach(async () => {
  world = await startWorld();
  project = world.projects[1];
});

const run = (...args: string[]) => cli(["remove", ...args], { env: { ...world.settings } });
const account = () => world.cloud.accounts.create({ project, displayName: "stray" }).name;

test("A key, an account and memberships are removed by name, and nothing else is.", async () => {
  const owner = account();
  const [key, other] = [
    world.cloud.keys.create({ account: owner }),
    world.cloud.keys.create({ account: owner }),
  ];
  const member = world.cloud.members.create({
    scope: project,
    email: "grace@example.com",
    roles: ["roles/project.user"],
  });
  const admin = world.cloud.members.create({
    scope: world.organization,
    email: "grace@example.com",
    roles: ["roles/organization.admin"],
  });
  const gone = account();
  expect(await run(key.name, member.name, admin.name, gone, "--yes")).toEqual({
    exitCode: 0,
    stdout: [key.name, member.name, admin.name, gone].map((name) => `removed ${name}\n`).join(""),
    stderr: "",
  });
  expect(world.cloud.keys.list(owner)).toEqual([other]);
  expect(world.writes().filter((call) => !call.startsWith("POST /oauth2"))).toHaveLength(4);
});

test("An empty project is removed by name, and one that is not empty is kept with an error that says what is in it.", async () => {
  const { organization } = world;
  const { name } = world.cloud.projects.create({ organization, displayName: "Client B", sensorCount: 2 });
  const refused = await run(name, "--yes");
  expect(refused).toMatchObject({ exitCode: 1, stderr: containing("is not empty: it has 2 sensors") });
  expect(refused.stderr).not.toContain("retain");
  world.cloud.projects.update(name, { sensorCount: 0 });
  expect(await run(name, "--yes")).toMatchObject({ exitCode: 0, stdout: `removed ${name}\n` });
  expect(world.cloud.projects.get(name)).toBeUndefined();
});

test("A resource that is already deleted is reported without an error; one that can't be seen is an error.", async () => {
  const { name } = world.cloud.keys.create({ account: account() });
  world.cloud.keys.delete(name);
  expect(await run(name, "--yes")).toMatchObject({
    exitCode: 0,
    stdout: containing("does not exist"),
  });
  expect(await run("projects/nowhere/members/1", "--yes")).toMatchObject({ exitCode: 1 });
  expect(world.writes()).toEqual([]);
});

test("--json lists what was removed and what did not exist, and needs --yes.", async () => {
  const [there, gone] = [account(), account()];
  world.cloud.accounts.delete(gone);
  expect(await run(there, "--json")).toMatchObject({ exitCode: 1, stdout: "", stderr: containing("--yes") });
  const { stdout, exitCode } = await run(there, gone, "--yes", "--json");
  expect({ exitCode, document: JSON.parse(stdout) as object }).toEqual({
    exitCode: 0,
    document: { removed: [there], absent: [gone] },
  });
});

describe("Refused before anything is written:", () => {
  const cases: Record<string, () => string[]> = {
    "the key that it runs with": () => [`${world.admin.name}/keys/${world.admin.keyId}`],
    "the account that it runs as": () => [world.admin.name],
    "its own membership": () => [`${world.organization}/members/${world.admin.name.split("/").at(-1)!}`],
    "something removable beside something that is not": () => [account(), world.admin.name],
  };
  test.each(Object.entries(cases))("%s", async (_, names) => {
    const result = await run(...names(), "--yes");
    expect(result).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: matching(/^error: refused: /),
    });
    expect(result.stderr).not.toContain("allowLockout");
    expect(world.writes()).toEqual([]);
  });

  test("the last administrator, even if several names together would leave none", async () => {
    // An account that may remove administrators without being one would leave nobody.
    const admins = world.cloud.members.list(world.organization).map(({ name }) => name);
    const ours = admins.find((name) => name.endsWith(world.admin.name.split("/").at(-1)!))!;
    const others = admins.filter((name) => name !== ours);
    expect(await run(...others, "--yes")).toMatchObject({ exitCode: 0 });
    expect(await run(ours, "--yes")).toMatchObject({ exitCode: 1 });
    expect(world.cloud.members.get(ours)).toBeDefined();
  });
});

test.each([
  "projects/p/keys",
  "projects/-/members/1",
  "projects/p/serviceaccounts/../members/1",
  "",
  "projects/p/members/1?x",
  "projects/p/members/1\\..\\2",
  "projects/p/serviceaccounts/s/keys",
  "organizations/o",
])("%j is not the name of a resource that can be removed.", async (name) => {
  expect(await run(name, "--yes")).toMatchObject({
    exitCode: 1,
    stderr: containing("is not the name of"),
  });
  expect(world.calls()).toEqual([]);
});

test("Without a terminal it does not ask, and removes nothing.", async () => {
  const name = account();
  expect(await run(name)).toMatchObject({ exitCode: 1, stderr: containing("--yes") });
  expect(world.writes()).toEqual([]);
});

describe("On a terminal it shows the resources to remove, and asks:", () => {
  /** `script` provides a terminal. The util-linux version takes the command as one text, the BSD version as words. */
  const onTerminal = (name: string, answer: string) => {
    const words = installed("remove", name);
    const args =
      process.platform === "darwin" ? ["-q", "/dev/null", ...words] : ["-qec", words.join(" "), "/dev/null"];
    return execa("script", args, {
      env: { ...world.settings, DT_RATE_LIMIT: "off" },
      input: `${answer}\n`,
      reject: false,
    });
  };

  test("yes removes", async () => {
    const name = account();
    const { stdout, exitCode } = await onTerminal(name, "yes");
    expect(stdout).toMatch(/service account "stray" .*with its 0 keys[\s\S]*Remove\?/);
    expect({ exitCode, left: world.cloud.accounts.get(name) }).toEqual({ exitCode: 0, left: undefined });
  });

  test("any other answer does not", async () => {
    const name = account();
    const { exitCode } = await onTerminal(name, "");
    expect(exitCode).toBe(1);
    expect(world.cloud.accounts.get(name)).toBeDefined();
  });
});
