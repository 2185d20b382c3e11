import { effectiveAccess } from "../../access/effective";
import { factsOf } from "../../cli/access/factsOf";
import { noteFound } from "../../provider/api/http/recentlyCreated";
import { startWorld, type World } from "../provider/world";
import type { Stack } from "../provider/stack";
import { cli, containing, matching } from "./command";
import { compared } from "./compareWithCloud";
import { asDynamic, stackDoors, withDoor } from "./doors";
import { encrypted, exported, type Exported } from "./state";

let world: World;
let stack: Stack;
let project: string;
let other: string;

/** One resource of each kind, all as declared. */
beforeEach(async () => {
  world = await startWorld();
  stack = world.stack();
  [, project, other] = world.projects as [string, string, string];
  for (const name of ["jane", "sue"]) world.cloud.users.create({ email: `${name}@example.com` });
  const { organization } = world;
  await stack.up({
    erp: ["serviceAccount", { project, displayName: "ERP" }],
    key: [
      "serviceAccountKey",
      ({ erp }) => ({ serviceAccount: erp!.id, rotateAfter: "30d", overlap: "24h" }),
    ],
    retired: [
      "keyRetirement",
      ({ key }) => ({
        serviceAccount: id("erp"),
        keyId: key!.outs.keyId,
        createTime: key!.outs.createTime,
        previousKeyId: "",
        overlap: "24h",
      }),
    ],
    erpRole: [
      "projectRoleBinding",
      ({ erp }) => ({ project, member: erp!.outs.email, role: "project.user" }),
    ],
    jane: ["projectRoleBinding", { project, member: "jane@example.com", role: "project.user" }],
    list: ["projectAccess", { project: other, members: ["sue@example.com"] }],
    admin: ["orgAdminBinding", { organization, member: "jane@example.com" }],
    admins: ["organizationAccess", { organization, members: ["ada@example.com", world.admin.email] }],
  });
  Object.values(stack.made).forEach(({ id }) => noteFound(id));
});

const id = (name: string): string => stack.made[name]!.id;
const invite = (scope: string, email: string, role: string) =>
  world.cloud.members.create({ scope, email, roles: [role] });

/** Changes in the cloud, by what they are, and the date of the check. */
const drifts: Record<string, { change: () => unknown; asOf?: string }> = {
  "nothing has changed": { change: () => undefined },
  "an account was renamed": { change: () => world.cloud.accounts.update(id("erp"), { displayName: "?" }) },
  "an account was deleted": { change: () => world.cloud.accounts.delete(id("erp")) },
  "a key was deleted": { change: () => world.cloud.keys.delete(id("key")) },
  "a key was added": { change: () => world.cloud.keys.create({ account: id("erp") }) },
  "a key is due": { change: () => undefined, asOf: "2099-01-01T00:00:00Z" },
  "a role was changed": {
    change: () => world.cloud.members.update(id("jane"), { roles: ["roles/project.admin"] }),
  },
  "a member was removed": { change: () => world.cloud.members.delete(id("jane")) },
  "a member was added beside the bindings": {
    change: () => invite(project, "eve@example.com", "roles/project.user"),
  },
  "a member was added that a list does not name": {
    change: () => invite(other, "eve@example.com", "roles/project.user"),
  },
  "an administrator was added": {
    change: () => invite(world.organization, "eve@example.com", "roles/organization.admin"),
  },
  "an account got access elsewhere": {
    change: () => invite(other, String(stack.made.erp!.outs.email), "roles/project.user"),
  },
};

describe("Drift and report find the same in the states of dynamic resources, of the plugin's and of both, if", () => {
  test.each(Object.entries(drifts))("%s.", async (what, { change, asOf }) => {
    change();
    const [expected, ...seen] = await Promise.all(
      stackDoors.map(async (door) => {
        const when = asOf === undefined ? {} : { asOf };
        const found = await compared(world, withDoor(exported(stack), door), { readsAllKeys: true, ...when });
        const { findings, coverage } = found;
        return asDynamic({ findings, coverage, access: shownIn(found) });
      }),
    );
    expect(expected!.coverage.declared.resources).toBe(Object.keys(stack.made).length);
    expect(expected!.findings.length > 0).toBe(what !== "nothing has changed");
    for (const each of seen) expect(each).toEqual(expected);
  });

  const shownIn = (comparison: Parameters<typeof factsOf>[0]) => effectiveAccess(factsOf(comparison, []));
});

test("A thing that both doors declare, as in a half-moved stack, is one finding with both resources.", async () => {
  const state = exported(stack);
  state.deployment.resources.push(...withDoor(state, "plugin").deployment.resources.slice(1));
  world.cloud.members.update(id("jane"), { roles: ["roles/project.admin"] });
  const { findings } = await compared(world, state);
  expect(findings.map(({ class: kind, id: name, resources }) => [kind, name, resources])).toEqual([
    [
      "changed",
      id("jane"),
      ["disruptive:index", "pulumi-nodejs:dynamic/dt"].map(
        (types) => `urn:pulumi:test::access::${types}:ProjectRoleBinding::jane`,
      ),
    ],
  ]);
});

/** A state with one resource of a type. */
const stateWith = (type: string, name: string): string => {
  const urn = `urn:pulumi:test::access::${type}::x`;
  const inputs = { project, email: "eve@example.com", role: "project.user" };
  const state: Exported = {
    version: 3,
    deployment: { manifest: {}, resources: [{ urn, custom: true, type, id: name, inputs }] },
  };
  return JSON.stringify(state);
};
const run = (args: string[], input: string) => cli(args, { env: { ...world.settings }, input });

test("Resources of the vendor's own provider, whose package is dt, are not taken for ours; a type of the plugin that this version does not know is reported.", async () => {
  const vendors = stateWith("dt:index/projectMember:ProjectMember", `${project}/members/1`);
  expect(await run(["drift", "--state", "-"], vendors)).toMatchObject({
    exitCode: 1,
    stderr: containing("the state holds nothing of pulumi-dt"),
  });
  for (const type of ["disruptive:index:Widget", "disruptive:other:ProjectRoleBinding"])
    expect(
      await run(["drift", "--state", "-", "--format", "json"], stateWith(type, `${project}/members/1`)),
    ).toMatchObject({
      exitCode: 3,
      stdout: containing(`${type} is unknown to this version`),
    });
});

describe("Each provider of the plugin", () => {
  const urn = (name: string) => `urn:pulumi:test::access::pulumi:providers:disruptive::${name}`;
  /** The plugin's state, in which a provider with this name has all resources. */
  const by = (name: string, secondUrn?: string): string => {
    const state = withDoor(exported(stack), "plugin");
    for (const resource of state.deployment.resources)
      if (resource.type === "pulumi:providers:disruptive") resource.urn = urn(name);
      else if (resource.provider !== undefined) resource.provider = `${urn(name)}::u`;
    if (secondUrn !== undefined)
      state.deployment.resources.push({ urn: secondUrn, custom: true, type: secondUrn.split("::")[2]! });
    return JSON.stringify(state);
  };
  const drift = (state: string, ...args: string[]) => run(["drift", "--state", "-", ...args], state);

  test.each(["default", "default_0_1_0", "default_1_2_3_alpha_1", "default_0_1_0_github_/api.github.com/x"])(
    "that Pulumi creates itself is a default one: %s",
    async (name) => {
      expect(await drift(by(name), "--credentials", `${name}=/nowhere.json`)).toMatchObject({
        exitCode: 1,
        stderr: containing("the state has no explicit provider"),
      });
    },
  );

  test.each(["company-b", "default_b"])("that the program declares can have a login: %s", async (name) => {
    const missing = await drift(by(name), "--credentials", `${name}=/nowhere.json`);
    expect(missing).toMatchObject({ exitCode: 1, stderr: containing("can't be read: ENOENT") });
  });

  test("must be named by its URN if a provider of dynamic resources has the same name.", async () => {
    const both = by("b", "urn:pulumi:test::access::pulumi:providers:pulumi-nodejs::b");
    expect(await drift(both, "--credentials", "b=/nowhere.json")).toMatchObject({
      exitCode: 1,
      stderr: matching(
        /several providers have this name, so give the URN of one: .*disruptive::b or .*pulumi-nodejs::b/,
      ),
    });
    expect(await drift(both, "--credentials", `${urn("b")}=/nowhere.json`)).toMatchObject({
      stderr: containing("ENOENT"),
    });
  });
});

test("A property that the plugin's state encrypts is not compared, and is listed.", async () => {
  const state = withDoor(exported(stack), "plugin");
  const jane = state.deployment.resources.find(({ urn }) => urn.endsWith("::jane"))!;
  jane.inputs = { ...jane.inputs, role: encrypted };
  const { coverage, findings } = await compared(world, state);
  expect({ findings, notCompared: coverage.notCompared }).toEqual({
    findings: [],
    notCompared: [`${jane.urn} role`],
  });
});
