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

/** A stack as declared, and two things that nobody declared. */
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

test("What is recorded is accepted, with its reason, until the day after it expires.", async () => {
  expect(
    await run(["record", account, "--reason", "made by the installer", "--expires", "2027-03-31"]),
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

test("--all records whatever is unmanaged now, and what comes later is a finding.", async () => {
  expect(await run(["record", "--all", "--state", "-", "--reason", "there before us"])).toMatchObject({
    exitCode: 0,
  });
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [] });
  const later = world.cloud.accounts.create({ project: world.projects[1] }).name;
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [later] });
});

test("--all records nothing where something could not be read.", async () => {
  world.faults.add({
    path: `/v2/${world.projects[1]}/members`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  expect(await run(["record", "--all", "--state", "-", "--reason", "x"])).toMatchObject({ exitCode: 1 });
  expect(existsSync(file)).toBe(false);
});

test("Patterns ignore emails in any case of letters, and names; they tell what they are for.", async () => {
  await run(["ignore", "*@vendor.EXAMPLE", "--reason", "the vendor's support"]);
  expect(await drift()).toMatchObject({
    ids: [account],
    accepted: [{ id: member, pattern: "*@vendor.EXAMPLE" }],
  });
  await run(["ignore", `${world.projects[1]}/serviceaccounts/*`, "--reason", "another team's"]);
  expect(await drift()).toMatchObject({ exitCode: 0, ids: [] });
});

test("Only unmanaged things can be decided about.", async () => {
  await run(["ignore", "**", "--reason", "everything"]);
  world.cloud.accounts.update(stack.made.erp!.id, { displayName: "?" });
  expect(await drift()).toMatchObject({ exitCode: 2, ids: [stack.made.erp!.id] });
});

test("A decision that nothing fits any more is told of.", async () => {
  await run(["record", account, "--reason", "x"]);
  world.cloud.accounts.delete(account);
  expect(await drift()).toMatchObject({ staleDecisions: [account] });
});

test("Recording again replaces the reason; the file is in an order of its own.", async () => {
  for (const id of [member, account, member]) await run(["record", id, "--reason", `about ${id}`]);
  const { accepted } = JSON.parse(readFileSync(file, "utf8")) as { accepted: { id: string }[] };
  expect(accepted.map(({ id }) => id)).toEqual([account, member].sort());
});

test("No decision without a reason, a real date and something to decide about.", async () => {
  for (const args of [
    ["record", account],
    ["record", account, "--reason", " "],
    ["record", account, "--reason", "x", "--expires", "tomorrow"],
    ["record", "--reason", "x"],
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
