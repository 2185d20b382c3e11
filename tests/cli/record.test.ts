import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../provider/stack";
import { startWorld, type World } from "../provider/world";
import { cli, containing, folder, matching, type Run } from "./command";
import { exported } from "./state";

let world: World;
let stack: Stack;
let cwd: string;
let project: string;
let stray: string;
let anna: string;

/** A stack with an account and a member, and an undeclared account and member. */
beforeEach(async () => {
  world = await startWorld();
  stack = world.stack();
  project = world.projects[1];
  await stack.up({
    erp: ["serviceAccount", { project, displayName: "ERP" }],
    jane: ["projectRoleBinding", { project, member: "jane@example.com", role: "project.user" }],
  });
  stray = world.cloud.accounts.create({ project, displayName: "stray" }).name;
  anna = invite(project, "anna@example.com");
  cwd = folder();
});

const invite = (scope: string, email: string): string =>
  world.cloud.members.create({ scope, email, roles: ["roles/project.user"] }).name;
const record = (...args: string[]): Promise<Run> =>
  cli(["record", "--state", "-", "--reason", "audit", ...args], {
    env: { ...world.settings },
    input: JSON.stringify(exported(stack)),
    cwd,
  });
const recorded = (): string[] => {
  const file = join(cwd, "dt-baseline.json");
  if (!existsSync(file)) return [];
  const { accepted } = JSON.parse(readFileSync(file, "utf8")) as { accepted: { id: string }[] };
  return accepted.map(({ id }) => id);
};

describe("record refuses, and writes nothing:", () => {
  const cases: Record<string, () => [word: string, why: string]> = {
    "a word that is not a name of the API": () => ["Jane", "is not the name of"],
    "a name of another kind": () => [project, "is not the name of"],
    "a declared account": () => [stack.made.erp!.id, "is declared"],
    "a declared account that was changed": () => {
      world.cloud.accounts.update(stack.made.erp!.id, { displayName: "?" });
      return [stack.made.erp!.id, "it is declared: displayName is"];
    },
    "a thing that does not exist": () => [`${project}/members/nobody`, "does not exist"],
    "a membership where the stack declares nothing": () => [
      invite(world.projects[2]!, "joe@example.com"),
      "the stack declares nothing",
    ],
    "an email without undeclared access": () => ["jane@example.com", "has no access that is undeclared"],
    "an email that fits two things": () => {
      const { email } = world.cloud.accounts.get(stray)!;
      invite(project, email);
      return [email, "means 2 things"];
    },
    "everything, if one word is wrong": () => [`${project}/members/nobody`, "does not exist"],
  };
  test.each(Object.entries(cases))("%s.", async (_, seed) => {
    const [word, why] = seed();
    expect(await record(anna, word)).toMatchObject({ exitCode: 1, stdout: "", stderr: containing(why) });
    expect(recorded()).toEqual([]);
  });
});

test("record accepts an email that fits one thing, in any spelling, with the role of the membership.", async () => {
  expect(await record("Anna@Example.com", "--json", "--expires", "2027-03-31")).toMatchObject({
    exitCode: 0,
    stdout: matching(/^\{/),
  });
  const { accepted } = JSON.parse((await record("anna@example.com", "--json")).stdout) as {
    accepted: object[];
  };
  expect(accepted).toEqual([{ id: anna, role: "roles/project.user", reason: "audit" }]);
});

test("record accepts an account by its email, with its keys.", async () => {
  const { name } = world.cloud.keys.create({ account: stray });
  await record(world.cloud.accounts.get(stray)!.email);
  expect(recorded()).toEqual([stray, name].sort());
});

test("The identity that Pulumi runs as is recorded by name or with --strict, and left out of --all.", async () => {
  const own = invite(project, world.admin.email);
  expect(await record("--all")).toMatchObject({
    exitCode: 0,
    stderr: containing("not recorded: the identity that Pulumi runs as"),
  });
  expect(recorded()).toEqual([anna, stray].sort());
  await record(own);
  expect(recorded()).toContain(own);
  const others = await cli(["record", "--state", "-", "--reason", "x", "--all", "--strict", "--json"], {
    env: { ...world.settings },
    input: JSON.stringify(exported(stack)),
    cwd: folder(),
  });
  expect(others).toMatchObject({ exitCode: 0, stderr: "", stdout: containing(own) });
});

test("The commands that drift prints for an undeclared member run as they are.", async () => {
  const state = join(folder(), "my state.json");
  writeFileSync(state, JSON.stringify(exported(stack)));
  const env = { ...world.settings };
  const { stdout } = await cli(["drift", "--state", state], { env, cwd });
  expect(stdout).toContain(
    `anna@example.com is invited as user in ${titleOf(project)}, and nothing declares`,
  );
  const commands = [...stdout.matchAll(/^ {2}(declare|accept|remove): +pulumi-dt (.*)$/gm)]
    .filter(([line]) => line.includes(anna))
    .map(([, , words = ""]) => words);
  expect(commands).toHaveLength(3);
  const outcomes = [];
  for (const command of commands) {
    const args = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
    const extra = args[0] === "remove" ? ["--yes"] : [];
    outcomes.push(await cli([...args, ...extra], { env, cwd }));
  }
  expect(outcomes).toMatchObject([
    { exitCode: 0, stdout: containing("anna@example.com") },
    { exitCode: 0, stdout: containing(`accepts ${anna}`) },
    { exitCode: 0, stdout: containing(`removed ${anna}`) },
  ]);
});

const titleOf = (name: string): string =>
  world.cloud.projects.list().find((each) => each.name === name)!.displayName;
