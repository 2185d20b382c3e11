import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../provider/stack";
import { startWorld, type World } from "../provider/world";
import { type Run, cli, folder, matching } from "./command";
import { exported } from "./state";

let world: World;
let stack: Stack;
let cwd: string;
let file: string;
let account: string;
let member: string;

/** A stack as declared, and two undeclared resources. */
beforeEach(async () => {
  world = await startWorld();
  stack = world.stack();
  const [, project] = world.projects;
  await stack.up({ erp: ["serviceAccount", { project, displayName: "ERP" }] });
  account = world.cloud.accounts.create({ project, displayName: "stray" }).name;
  member = world.cloud.members.create({
    scope: project,
    email: "Support@Vendor.example",
    roles: ["roles/project.user"],
  }).name;
  cwd = folder();
  file = join(cwd, "dt-baseline.json");
});

const run = (args: string[], env: Record<string, string> = {}): Promise<Run> =>
  cli(args, { env: { ...world.settings, ...env }, input: JSON.stringify(exported(stack)), cwd });
const drift = async (env: Record<string, string> = {}) => {
  const { stdout, exitCode } = await run(["drift", "--state", "-", "--format", "json"], env);
  const document = JSON.parse(stdout) as {
    findings: { id: string; message: string }[];
    accepted: object[];
    staleDecisions: string[];
  };
  return { exitCode, ids: document.findings.map(({ id }) => id), ...document };
};

test("A recorded finding is accepted, with its reason, until the day after it expires.", async () => {
  expect(
    await run([
      "record",
      "--state",
      "-",
      account,
      "--reason",
      "made by the installer",
      "--expires",
      "2027-03-31",
    ]),
  ).toMatchObject({ exitCode: 0 });
  const before = await drift({ DT_AS_OF: "2027-03-31T23:59:59Z" });
  expect(before).toMatchObject({
    ids: [member],
    accepted: [{ id: account, reason: "made by the installer", expires: "2027-03-31", pattern: null }],
  });
  const after = await drift({ DT_AS_OF: "2027-04-01T00:00:00Z" });
  expect(after.ids.sort()).toEqual([account, member].sort());
  expect(after.findings.find(({ id }) => id === account)!.message).toContain(
    "accepted until 2027-03-31 (made by the installer)",
  );
});

test("--all records everything that is unmanaged now, and later resources are findings.", async () => {
  expect(await run(["record", "--all", "--state", "-", "--reason", "there before us"])).toMatchObject({
    exitCode: 0,
  });
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [] });
  const later = world.cloud.accounts.create({ project: world.projects[1] }).name;
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [later] });
});

test("An accepted account does not hide later keys: its existing keys are recorded with it, by name.", async () => {
  const { name: old } = world.cloud.keys.create({ account });
  expect(await run(["record", "--state", "-", account, "--reason", "the installer's"])).toMatchObject({
    exitCode: 0,
    stdout: matching(new RegExp(`accepts ${account}\n.*accepts ${old}\n`)),
  });
  await run(["record", "--state", "-", member, "--reason", "x"]);
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [] });
  const { name: later } = world.cloud.keys.create({ account });
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [later] });
  // Also after its expiry.
  await run(["record", "--state", "-", account, "--reason", "x", "--expires", "2027-03-31"]);
  const { name: last } = world.cloud.keys.create({ account });
  const { ids, staleDecisions } = await drift({ DT_AS_OF: "2027-04-01T00:00:00Z" });
  expect(ids.sort()).toEqual([account, old, later, last].sort());
  expect(staleDecisions).toEqual([]);
});

test("--all records the keys of undeclared accounts with them.", async () => {
  world.cloud.keys.create({ account });
  await run(["record", "--all", "--state", "-", "--reason", "there before us"]);
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [], staleDecisions: [] });
  const { name } = world.cloud.keys.create({ account });
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [name] });
});

test("A baseline that was written by hand and names only the account leaves its keys as findings.", async () => {
  const { name } = world.cloud.keys.create({ account });
  const accepted = [account, member].map((id) => ({ id, reason: "x" }));
  writeFileSync(file, JSON.stringify({ version: 1, accepted }));
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [name] });
});

test("Keys that are not read are reported if the baseline ignores the account by a pattern and if the account itself is a finding.", async () => {
  world.cloud.keys.create({ account });
  const [, project] = world.projects;
  const notLookedAt = async () => {
    const { stdout } = await run(["drift", "--state", "-", "--format", "json"]);
    return (JSON.parse(stdout) as { coverage: { notLookedAt: { what: string }[] } }).coverage.notLookedAt.map(
      ({ what }) => what,
    );
  };
  expect(await notLookedAt()).toContain(`keys of 1 undeclared service account in ${project}`);
  await run(["ignore", `${project}/serviceaccounts/*`, "--reason", "another team's"]);
  expect(await notLookedAt()).toContain(`keys of 1 ignored service account in ${project}`);
});

test("An accepted member is a finding again when its role changes.", async () => {
  await run(["record", "--all", "--state", "-", "--reason", "auditor"]);
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [] });
  world.cloud.members.update(member, { roles: ["roles/project.admin"] });
  expect(await drift()).toMatchObject({
    exitCode: 2,
    ids: [member],
    findings: [{ message: matching(/project.admin, PENDING; it was accepted as project.user \(auditor\)$/) }],
  });
  await run(["record", "--state", "-", member, "--reason", "lead auditor"]);
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [] });
});

test("Drift reads an organization whose administrators the baseline accepts, so that a new one is a finding.", async () => {
  await run(["record", "--all", "--state", "-", "--reason", "there before us"]);
  const admins = world.cloud.members.list(world.organization).map(({ name }) => name);
  await run(["record", "--state", "-", ...admins, "--reason", "the founders"]);
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [], staleDecisions: [] });
  const { name } = world.cloud.members.create({
    scope: world.organization,
    email: "new@example.com",
    roles: ["roles/organization.admin"],
  });
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [name] });
});

test("record accepts nothing that does not exist or can't be read.", async () => {
  world.cloud.accounts.delete(account);
  expect(await run(["record", "--state", "-", account, "--reason", "x"])).toMatchObject({
    exitCode: 1,
    stderr: matching(/does not exist/),
  });
  expect(await run(["record", "--state", "-", "Jane", "--reason", "x"])).toMatchObject({ exitCode: 1 });
  expect(
    await run(["record", "--state", "-", member, "--reason", "x"], { DT_API_KEY_SECRET: "" }),
  ).toMatchObject({
    exitCode: 1,
    stderr: matching(/DT_API_KEY_SECRET/),
  });
  expect(existsSync(file)).toBe(false);
});

test("--all records nothing if something could not be read.", async () => {
  world.faults.add({
    path: `/v2/${world.projects[1]}/members`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  expect(await run(["record", "--all", "--state", "-", "--reason", "x"])).toMatchObject({ exitCode: 1 });
  expect(existsSync(file)).toBe(false);
});

test.each(["!*@example.com", "!projects/other/**", "!(x)@example.com"])(
  "A pattern with a leading ! does not hide everybody else, and is reported as an entry that matches nothing: %s",
  async (pattern) => {
    await run(["ignore", pattern, "--reason", "meant as a negation"]);
    const { exitCode, ids, accepted, staleDecisions } = await drift();
    expect({ exitCode, ids: ids.sort(), accepted, staleDecisions }).toEqual({
      exitCode: 2,
      ids: [account, member].sort(),
      accepted: [],
      staleDecisions: [pattern],
    });
  },
);

test("Patterns ignore emails in upper and lower case, and names; each is shown with its reason.", async () => {
  await run(["ignore", "*@vendor.EXAMPLE", "--reason", "the vendor's support"]);
  expect(await drift()).toMatchObject({
    ids: [account],
    accepted: [{ id: member, pattern: "*@vendor.EXAMPLE" }],
  });
  await run(["ignore", `${world.projects[1]}/serviceaccounts/*`, "--reason", "another team's"]);
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [] });
});

test("ignore prints JSON for programs.", async () => {
  const { stdout } = await run([
    "ignore",
    "*@x.example",
    "--reason",
    "x",
    "--expires",
    "2027-03-31",
    "--json",
  ]);
  const ignored = [{ pattern: "*@x.example", reason: "x", expires: "2027-03-31" }];
  expect(JSON.parse(stdout)).toEqual({ file: "dt-baseline.json", ignored });
});

test("Only unmanaged resources can be recorded.", async () => {
  await run(["ignore", "**", "--reason", "everything"]);
  world.cloud.accounts.update(stack.made.erp!.id, { displayName: "?" });
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [stack.made.erp!.id] });
});

test("An entry that no longer matches anything is reported.", async () => {
  await run(["record", "--state", "-", account, "--reason", "x"]);
  world.cloud.accounts.delete(account);
  expect(await drift()).toMatchObject({ staleDecisions: [account] });
});

test("Recording again replaces the reason, and the file has a fixed order.", async () => {
  for (const id of [member, account, member])
    await run(["record", "--state", "-", id, "--reason", `about ${id}`]);
  const { accepted } = JSON.parse(readFileSync(file, "utf8")) as { accepted: { id: string }[] };
  expect(accepted.map(({ id }) => id)).toEqual([account, member].sort());
});

test("An entry needs a reason, a real date and something to record.", async () => {
  for (const args of [
    ["record", "--state", "-", account],
    ["record", "--state", "-", account, "--reason", " "],
    ["record", "--state", "-", account, "--reason", "x", "--expires", "tomorrow"],
    ["record", "--state", "-", "--reason", "x"],
    ["ignore", "*@x", "--reason", ""],
  ]) {
    const result = await run(args);
    expect({ args, ...result }).toMatchObject({ exitCode: 1, stderr: matching(/^error: /) });
  }
  expect(existsSync(file)).toBe(false);
});

test("A malformed baseline is an error, never an empty one.", async () => {
  for (const text of ["{", '{"version":2}', '{"version":1,"acepted":[]}']) {
    writeFileSync(file, text);
    expect(await run(["drift", "--state", "-"])).toMatchObject({ exitCode: 1, stdout: "" });
  }
});
