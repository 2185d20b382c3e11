import { startWorld, type World } from "../provider/world";
import { noteFound } from "../../provider/api/http/recentlyCreated";
import type { Program, Stack } from "../provider/stack";
import { compared, findingsIn } from "./compareWithCloud";
import { containing } from "./command";
import { encrypted, exported, type Exported, type ExportedResource } from "./state";

let world: World;
let stack: Stack;
let project: string;

beforeEach(async () => {
  world = await startWorld();
  stack = world.stack();
  [, project] = world.projects as [string, string];
  world.cloud.users.create({ email: "jane@example.com", displayName: "Jane" });
  await stack.up(program());
  Object.keys(stack.made).forEach((name) => noteFound(id(name)));
});

const program = (): Program => ({
  erp: ["serviceAccount", { project, displayName: "ERP" }],
  key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
  jane: ["projectRoleBinding", { project, member: "jane@example.com", role: "project.developer" }],
});
const id = (name: string): string => stack.made[name]!.id;

/** The state, with Pulumi's record of the options of some resources. */
function stateWith(options: Record<string, Partial<ExportedResource>>): Exported {
  const state = exported(stack);
  for (const resource of state.deployment.resources)
    Object.assign(resource, options[resource.urn.split("::").at(-1)!]);
  return state;
}

describe("A change of a property under ignoreChanges is not drift:", () => {
  const changes: Record<string, [of: string, change: () => unknown]> = {
    role: ["jane", () => world.cloud.members.update(id("jane"), { roles: ["roles/project.admin"] })],
    member: ["jane", () => world.cloud.members.update(id("jane"), { email: "joan@example.com" })],
    displayName: ["erp", () => world.cloud.accounts.update(id("erp"), { displayName: "?" })],
    enableBasicAuth: ["erp", () => world.cloud.accounts.update(id("erp"), { enableBasicAuth: true })],
  };
  test.each(Object.entries(changes))("%s", async (property, [name, change]) => {
    change();
    const found = await findingsIn(world, stack);
    expect(found).toEqual([expect.stringMatching(/^(changed|address-changed) /)]);
    for (const path of [property, "*", `["${property}"]`])
      expect(await findingsIn(world, stateWith({ [name]: { ignoreChanges: [path] } }))).toEqual([]);
    for (const path of ["other", `${property}[0]`, `${property}.a`, "["])
      expect(await findingsIn(world, stateWith({ [name]: { ignoreChanges: [path] } }))).toEqual(found);
  });

  test("but other changes are reported.", async () => {
    world.cloud.accounts.update(id("erp"), { displayName: "?", enableBasicAuth: true });
    const { findings } = await compared(world, stateWith({ erp: { ignoreChanges: ["displayName"] } }));
    expect(findings).toMatchObject([
      { class: "changed", changes: [{ property: "enableBasicAuth", declared: false, actual: true }] },
    ]);
  });

  test("A missing resource, and another one in its place, are drift anyway, as for Pulumi.", async () => {
    const ignoring = { ignoreChanges: ["*"] };
    world.cloud.keys.delete(id("key"));
    expect(await findingsIn(world, stateWith({ key: ignoring }))).toEqual([`missing ${id("key")}`]);
    world.cloud.members.delete(id("jane"));
    const found = await findingsIn(world, stateWith({ key: ignoring, jane: ignoring }));
    expect(found.sort()).toEqual([`missing ${id("key")}`, `missing ${id("jane")}`].sort());
  });

  test("An address in a list of members is identified by its position, and so is the path that ignores it.", async () => {
    const lists = world.stack();
    const [, , other] = world.projects as [string, string, string];
    const { name } = world.cloud.members.create({
      scope: other,
      email: "jane@example.com",
      roles: ["roles/project.user"],
    });
    await lists.up({
      list: ["projectAccess", { project: other, members: ["ann@example.com", "jane@example.com"] }],
    });
    world.cloud.members.update(name, { email: "joan@example.com" });
    const found = async (...ignoreChanges: string[]) => {
      const state = exported(lists);
      Object.assign(state.deployment.resources[1]!, { ignoreChanges });
      return findingsIn(world, state);
    };
    expect(await found()).toEqual([`address-changed ${name}`]);
    expect(await found("members[0]")).toEqual([`address-changed ${name}`]);
    for (const path of ["members", "members[1]", "members[*]", "*"]) expect(await found(path)).toEqual([]);
  });
});

test("Options that only change how Pulumi updates or deletes cause no drift.", async () => {
  const options = {
    protect: true,
    retainOnDelete: true,
    replaceOnChanges: ["role"],
    deletedWith: "urn:pulumi:test::access::x::y",
    customTimeouts: { create: 300, update: 0, delete: 1 },
    taint: true,
    additionalSecretOutputs: ["status"],
    aliases: ["urn:pulumi:test::access::x::z"],
    resourceHooks: { "before-delete": ["guard"] },
    hideDiff: [],
    refreshBeforeUpdate: true,
  };
  expect(await findingsIn(world, stateWith({ erp: options, key: options, jane: options }))).toEqual([]);
  world.cloud.members.update(id("jane"), { roles: ["roles/project.admin"] });
  expect(await findingsIn(world, stateWith({ jane: options }))).toEqual([`changed ${id("jane")}`]);
});

test("A resource that waits for its deletion is covered, unless Pulumi only forgets it.", async () => {
  expect(await findingsIn(world, stateWith({ jane: { delete: true } }))).toEqual([]);
  for (const option of ["retainOnDelete", "external"])
    expect(await findingsIn(world, stateWith({ jane: { delete: true, [option]: true } }))).toEqual([
      `unmanaged ${id("jane")}`,
    ]);
});

test("A resource that an interrupted replacement has deleted is missing, and the message says that the next update creates it.", async () => {
  world.cloud.members.delete(id("jane"));
  const { findings } = await compared(world, stateWith({ jane: { pendingReplacement: true } }));
  expect(findings).toMatchObject([
    { class: "missing", message: containing("an interrupted run deleted it to create it again") },
  ]);
});

test("A resource that failed in the last update is unfinished, even if its changes are ignored.", async () => {
  const { findings } = await compared(
    world,
    stateWith({ erp: { initErrors: ["it broke"], ignoreChanges: ["*"] } }),
  );
  expect(findings).toMatchObject([{ class: "changed", message: "it is not finished: it broke" }]);
});

test("A resource that an interrupted run was creating is listed under the resources that were not read.", async () => {
  const state = exported(stack);
  const [, erp] = state.deployment.resources;
  const urn = erp!.urn.replace("::erp", "::lone");
  Object.assign(state.deployment, {
    pending_operations: [{ resource: { ...erp, urn, id: undefined }, type: "creating" }],
  });
  const { coverage } = await compared(world, state);
  expect(coverage.notLookedAt).toContainEqual({
    what: urn,
    why: containing("a run was interrupted while creating it"),
  });
});

test.each(["../../organizations/o", "projects/p/members/m?x", "projects/p\n/members/m", ""])(
  "An id in the state that is not a name of the API causes no request, and makes the run incomplete: %j",
  async (wrong) => {
    world.requests.clear();
    const { findings } = await compared(world, stateWith({ jane: { id: wrong } }));
    expect(findings).toContainEqual(
      expect.objectContaining({ class: "unread", message: containing("not a name of the API") }),
    );
    expect(world.requests.filter(({ path }) => /organizations\/o|members\/m/.test(path))).toEqual([]);
  },
);

test("Keys whose ids the state stores encrypted can't be told from undeclared ones, and are not drift.", async () => {
  const hide = (generation: number): Exported => {
    const state = stateWith({});
    const key = state.deployment.resources.find((resource) => resource.id === id("key"))!;
    key.outputs = { ...key.outputs, keyId: encrypted, previousKeyId: encrypted, generation };
    return state;
  };
  expect(await findingsIn(world, hide(1))).toEqual([]);
  const { findings } = await compared(world, hide(2));
  expect(findings).toMatchObject([
    { class: "unread", message: containing("take keyId and previousKeyId out of additionalSecretOutputs") },
  ]);
});
