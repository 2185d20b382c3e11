import type { Program, Stack } from "../provider/stack";
import { noteFound } from "../../provider/api/http/recentlyCreated";
import { startWorld, type World } from "../provider/world";
import { cli, containing, matching } from "./command";
import { exported } from "./state";

let world: World;
let stack: Stack;
let project: string;

const ends = "2027-03-31";
const before = "2027-03-31T23:59:59Z";
const after = "2027-04-01T00:00:00Z";

/** A person whose access has an end, another one whose access has none, and an administrator. */
beforeEach(async () => {
  world = await startWorld();
  world.clock.set(new Date("2027-03-01T00:00:00Z"));
  project = world.projects[1];
  world.cloud.users.create({ email: "anna@example.com", displayName: "Anna Berg" });
  world.cloud.users.create({ email: "jane@example.com", displayName: "Jane" });
  stack = world.stack();
  await stack.up(program());
  for (const { id } of Object.values(stack.made)) noteFound(id);
});

const program = (): Program => ({
  anna: ["projectRoleBinding", { project, member: "anna@example.com", role: "project.user", expires: ends }],
  jane: ["projectRoleBinding", { project, member: "jane@example.com", role: "project.user" }],
});
const id = (name: string): string => stack.made[name]!.id;

async function drift(asOf: string, ...args: string[]) {
  const run = await cli(["drift", "--state", "-", ...args], {
    env: { ...world.settings, DT_AS_OF: asOf },
    input: JSON.stringify(exported(stack)),
  });
  return run;
}
async function driftJson(asOf: string, ...args: string[]) {
  const { stdout, exitCode } = await drift(asOf, "--json", ...args);
  const { findings, ending } = JSON.parse(stdout) as {
    findings: { id: string; class: string; message: string }[];
    ending: { within: string; access: object[] };
  };
  return {
    exitCode,
    found: findings.map(({ class: kind, id: name }) => `${kind} ${name}`),
    ending,
    findings,
  };
}

test("A membership whose end has passed is expired, which is no drift unless that is asked for.", async () => {
  expect(await driftJson(before)).toMatchObject({ exitCode: 0, found: [] });
  expect(await driftJson(after)).toMatchObject({
    exitCode: 0,
    found: [`expired ${id("anna")}`],
    findings: [{ message: matching(/^its end, 2027-03-31, has passed: the next `pulumi up` removes it$/) }],
  });
  expect(await driftJson(after, "--fail-on", "expired")).toMatchObject({ exitCode: 2 });
});

test("An expired resource whose membership is gone is in order, and so is one that was removed before the update.", async () => {
  world.cloud.members.delete(id("anna"));
  expect(await driftJson(before)).toMatchObject({ exitCode: 2, found: [`missing ${id("anna")}`] });
  expect(await driftJson(after)).toMatchObject({ exitCode: 0, found: [] });
});

test("After the update that ends it, nothing is found; if somebody grants it again by hand, it is unmanaged.", async () => {
  const anna = stack.made.anna!;
  const name = anna.id;
  stack.made.anna = { ...anna, outs: { ...anna.outs, expired: true, status: "" } };
  world.cloud.members.delete(name);
  expect(await driftJson(after)).toMatchObject({ exitCode: 0, found: [] });
  world.cloud.members.create({ scope: project, email: "anna@example.com", roles: ["roles/project.admin"] });
  expect(await driftJson(after)).toMatchObject({ exitCode: 2, found: [`unmanaged ${name}`] });
});

test("A role that was changed by hand is drift, although the end has passed.", async () => {
  world.cloud.members.update(id("anna"), { roles: ["roles/project.admin"] });
  expect(await driftJson(after)).toMatchObject({ exitCode: 2, found: [`changed ${id("anna")}`] });
});

test("What ends soon is listed with who, where, when and by which resource, in every format with a place for it.", async () => {
  const access = {
    id: id("anna"),
    email: "anna@example.com",
    displayName: "Anna Berg",
    role: "roles/project.user",
    place: { name: project, displayName: "Development" },
    until: "2027-04-01T00:00:00Z",
    resources: [matching(/::anna$/)],
  };
  expect((await driftJson("2027-03-20T00:00:00Z")).ending).toEqual({ within: "14d", access: [access] });
  expect((await driftJson("2027-03-10T00:00:00Z")).ending.access).toEqual([]);
  expect((await driftJson("2027-03-10T00:00:00Z", "--within", "30d")).ending.access).toHaveLength(1);
  expect((await driftJson(after)).ending.access).toEqual([]);
  expect((await driftJson("2027-03-20T00:00:00Z", "--within", "0")).ending.access).toEqual([]);
  const { stdout } = await drift("2027-03-20T00:00:00Z");
  expect(stdout).toContain(
    [
      "Ends within 14d",
      "",
      "Anna Berg <anna@example.com> is user in Development until 2027-04-01T00:00:00Z, declared by anna",
      `  ${id("anna")}`,
    ].join("\n"),
  );
  for (const format of ["sarif", "junit", "markdown"]) {
    const text = (await drift("2027-03-20T00:00:00Z", "--format", format)).stdout;
    expect(text).toMatch(/Ends within 14d: Anna Berg (<|&lt;)anna/);
  }
});

test("Another duration is an error that names the option.", async () => {
  expect(await drift(before, "--within", "soon")).toMatchObject({
    exitCode: 1,
    stderr: containing("error: --within must be a duration such as"),
  });
});

test("Access that is granted later than its resource is no drift: the state knows the membership by its member.", async () => {
  world.cloud.users.create({ email: "carl@example.com", displayName: "Carl" });
  const carl = (expires: string): Program => ({
    ...program(),
    carl: ["projectRoleBinding", { project, member: "carl@example.com", role: "project.user", expires }],
  });
  await stack.up(carl("2027-02-01"));
  expect(id("carl")).toBe(`${project}/members/carl@example.com`);
  await stack.up(carl("2027-12-31"));
  expect(await driftJson(before)).toMatchObject({ exitCode: 0, found: [] });
});
