import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { jsonSchema } from "../../cli/formats/json";
import type { Fault } from "../../emulator";
import type { Stack } from "../provider/stack";
import { startWorld, type World } from "../provider/world";
import { type Run, cli, containing, folder, matching } from "./command";
import { exported } from "./state";

let world: World;
let stack: Stack;
let env: Record<string, string>;
let project: string;

/** Starts with everything as declared. Every test leaves other drift behind, so each has its own world. */
beforeEach(async () => {
  world = await startWorld();
  stack = world.stack();
  project = world.projects[1];
  env = { ...world.settings };
  await stack.up({
    erp: ["serviceAccount", { project, displayName: "ERP" }],
    key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    jane: ["projectRoleBinding", { project, member: "jane@example.com", role: "project.user" }],
  });
  world.cloud.acceptInvitation("jane@example.com");
});

const drift = (...args: string[]): Promise<Run> =>
  cli(["drift", "--state", "-", ...args], { env, input: JSON.stringify(exported(stack)) });
const document = ({ stdout }: Run) => JSON.parse(stdout) as { findings: { id: string; class: string }[] };
const change = () => world.cloud.accounts.update(stack.made.erp!.id, { displayName: "?" });
const invite = () => world.cloud.members.update(stack.made.jane!.id, { status: "PENDING" });
const readdress = () => world.cloud.members.update(stack.made.jane!.id, { email: "joan@example.com" });
const refuse = (path: string, more: Partial<Fault> = {}) =>
  world.faults.add({ path, effect: { kind: "respond", status: 403 }, times: "untilCleared", ...more });

describe("The exit code is", () => {
  const table: Record<string, [code: number, seed: () => unknown, ...args: string[]]> = {
    "0 where all is as declared": [0, () => undefined],
    "1 where credentials are missing": [1, () => delete env.DT_API_KEY_SECRET],
    "1 where credentials are refused": [1, () => (env.DT_API_KEY_SECRET = "0".repeat(32))],
    "1 where the key that looks was deleted": [
      1,
      () => world.cloud.keys.list(world.admin.name).forEach(({ name }) => world.cloud.keys.delete(name)),
    ],
    "1 where the API answers 401": [
      1,
      () =>
        world.faults.add({ path: "/v2/**", effect: { kind: "respond", status: 401 }, times: "untilCleared" }),
    ],
    "1 for an option that does not exist": [1, () => undefined, "--formt", "json"],
    "1 for a class that does not exist": [1, () => undefined, "--fail-on", "chnged"],
    "1 for a baseline that is named and missing": [1, () => undefined, "--baseline", "/nowhere.json"],
    "2 where something drifted": [2, change],
    "0 where only something drifted that is not asked for": [0, change, "--fail-on", "missing,unmanaged"],
    "0 for an invitation that waits": [0, invite],
    "2 for an invitation where it is asked for": [2, invite, "--fail-on", "pending"],
    "0 for a membership whose address changed": [0, readdress],
    "2 for it where it is asked for": [2, readdress, "--fail-on", "address-changed"],
    "0 with --fail-on none": [0, change, "--fail-on", "none"],
    "3 where something could not be read": [3, () => refuse(`/v2/${project}/members`)],
    "3 for it even with --fail-on none": [3, () => refuse(`/v2/${project}/members`), "--fail-on", "none"],
    "2 where something could not be read and something else drifted": [
      2,
      () => (change(), refuse(`/v2/${project}/members`)),
    ],
  };

  test.each(Object.entries(table))("%s.", async (_, [code, seed, ...args]) => {
    seed();
    const run = await drift(...args);
    expect({ code: run.exitCode, stderr: run.stderr }).toMatchObject({ code });
    if (code === 1) expect(run).toMatchObject({ stdout: "", stderr: matching(/^error: .+\n$/) });
  });
});

test("A page that is lost in the middle makes the run incomplete, however much was read before.", async () => {
  for (let index = 0; index < 101; index++)
    world.cloud.members.create({
      scope: project,
      email: `p${index}@example.com`,
      roles: ["roles/project.user"],
    });
  refuse(`/v2/${project}/members`, { skip: 1 });
  const run = await drift("--format", "json", "--fail-on", "changed,missing");
  expect(run.exitCode).toBe(3);
  expect(document(run).findings).toMatchObject([{ id: project, class: "unread" }]);
});

test("A connection that is lost for good makes the run incomplete, too, and not clean.", async () => {
  world.faults.add({
    path: `/v2/${project}/serviceaccounts`,
    effect: { kind: "drop", when: "beforeCommit" },
    times: "untilCleared",
  });
  env.DT_RETRY_DELAY = "0.05";
  const run = await drift("--format", "json");
  expect(run.exitCode).toBe(3);
  expect(document(run).findings).toMatchObject([{ id: project, class: "unread" }]);
}, 120_000);

describe("A state", () => {
  const withState = (text: string, ...args: string[]) =>
    cli(["drift", "--state", "-", ...args], { env, input: text });

  test("that is not valid is an error that quotes nothing from it.", async () => {
    for (const text of ["", "{", "[]", '{"secret":"hunter2hunter2"}', "<html>"]) {
      const run = await withState(text);
      expect(run).toMatchObject({ exitCode: 1, stdout: "" });
      expect(run.stderr).toMatch(/^error: standard input (is not JSON|holds no state)/);
      expect(run.stderr).not.toContain("hunter2");
    }
  });

  test("without our resources is an error, unless an option allows it.", async () => {
    const empty = JSON.stringify({ version: 3, deployment: { manifest: {} } });
    expect(await withState(empty)).toMatchObject({
      exitCode: 1,
      stderr: matching(/nothing of pulumi-dt/),
    });
    expect(await withState(empty, "--allow-empty")).toMatchObject({ exitCode: 0 });
  });

  test("may be a file, even one of the file backend.", async () => {
    const path = join(folder(), "state.json");
    const { version, deployment } = exported(stack);
    writeFileSync(path, JSON.stringify({ version, checkpoint: { latest: deployment } }));
    expect(await cli(["drift", "--state", path], { env })).toMatchObject({ exitCode: 0 });
  });
});

test("The same state and the same cloud give the same bytes, in a fixed order, matching the shipped schema, without a secret.", async () => {
  change();
  invite();
  world.cloud.accounts.create({ project, displayName: "stray" });
  world.cloud.keys.create({ account: stack.made.erp!.id });
  const [first, second] = [await drift("--format", "json"), await drift("--format", "json")];
  expect(second.stdout).toBe(first.stdout);
  world.unknowns.sortOrder = "createdDesc";
  expect((await drift("--format", "json")).stdout).toBe(first.stdout);
  expect(document(first).findings.map(({ class: kind }) => kind)).toEqual([
    "unmanaged",
    "unmanaged",
    "changed",
    "pending",
  ]);
  const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(jsonSchema) as object);
  expect(validate(JSON.parse(first.stdout)) ? [] : validate.errors).toEqual([]);
  for (const secret of await world.secrets()) expect(first.stdout + first.stderr).not.toContain(secret);
});

test("Another address on a membership is reported in every format.", async () => {
  readdress();
  for (const format of ["table", "json", "sarif", "junit", "markdown", "issue", "github"]) {
    const { stdout, exitCode } = await drift("--format", format);
    // A table breaks lines at any character.
    const said = stdout.replaceAll("&#64;", "@").replaceAll(/[\s│]/g, "");
    expect({ format, exitCode, said }).toMatchObject({
      exitCode: 0,
      said: containing(
        format === "table" ? "acceptedasjoan@example.com:puttha" : "acceptedasjoan@example.com:putthat",
      ),
    });
  }
});

test("The provider's notices do not mix with the result.", async () => {
  world.cloud.accounts.update(world.admin.name, { enableBasicAuth: true });
  env.DT_AUTH = "basic";
  const run = await drift("--format", "json");
  expect(document(run).findings).toEqual([]);
  expect(run.stderr).toContain("for development only");
});

test("Several formats at the same time: some printed, some written, chosen by file ending or by name.", async () => {
  const at = folder();
  change();
  const outs = ["d.json", "d.sarif", "d.xml", "d.md", "markdown=d.out"].flatMap((out) => [
    "--out",
    out.includes("=") ? out.replace("=", `=${at}/`) : `${at}/${out}`,
  ]);
  const run = await drift("--format", "github", "--format", "table", ...outs);
  expect(run.exitCode).toBe(2);
  expect(run.stdout).toMatch(/^::error title=pulumi-dt%3A changed::.*\n.*Stack access\/test/);
  for (const [file, start] of [
    ["d.json", "{"],
    ["d.sarif", "{"],
    ["d.xml", "<?xml"],
    ["d.md", "## "],
    ["d.out", "## "],
  ] as const)
    expect(readFileSync(join(at, file), "utf8").slice(0, start.length)).toBe(start);
  expect(await drift("--out", `${at}/d.what`)).toMatchObject({
    exitCode: 1,
    stderr: containing("say the format"),
  });
});

test("--print-schema prints the schema without a request.", async () => {
  expect(await cli(["drift", "--print-schema"])).toEqual({ exitCode: 0, stdout: jsonSchema, stderr: "" });
});
