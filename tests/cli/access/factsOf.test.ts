import fc from "fast-check";
import { effectiveAccess, type Place } from "../../../access/effective";
import { factsOf } from "../../../cli/access/factsOf";
import type { DeclaredMembership } from "../../../cli/state/declared";
import { startWorld, type World } from "../../provider/world";
import { compared, type Circumstances } from "../compareWithCloud";
import { exported } from "../state";

const place = (name: string, organization: string): Place => ({
  name,
  displayName: name,
  organization,
  labels: {},
});

let world: World;
let [home, project, other]: readonly string[] = [];
beforeEach(async () => {
  world = await startWorld();
  [home, project, other] = world.projects;
});

/** Each entry as `email in place: role in the cloud / declared role`. */
async function entriesOf(...args: [Parameters<typeof compared>[1], Circumstances?]): Promise<string[]> {
  const places = world.projects.map((name) => place(name, world.organization));
  const entries = effectiveAccess(factsOf(await compared(world, ...args), places));
  return entries
    .filter(({ member }) => member.displayName !== "Pulumi")
    .map(
      ({ member, place: { name }, role, declared, until, through }) =>
        `${member.email} in ${name}: ${bare(role)} / ${bare(declared)}${until && ` until ${until}`}${through && " through"}`,
    )
    .sort();
}
const bare = (role: string): string => role.replace("roles/", "") || "none";

const binding = (email: string, role = "project.user", more: object = {}, at = project) =>
  ["projectRoleBinding", { project: at, member: email, role, ...more }] as const;

test("An entry states the role in the cloud and the declared one, and what is missing has an entry.", async () => {
  const stack = world.stack();
  await stack.up({
    ann: [...binding("ann@example.com")],
    bob: [...binding("bob@example.com")],
    joe: [...binding("joe@example.com")],
  });
  world.cloud.members.update(stack.made.bob!.id, { roles: ["roles/project.admin"] });
  world.cloud.members.delete(stack.made.joe!.id);
  world.cloud.members.create({ scope: project!, email: "eve@example.com", roles: ["roles/project.user"] });
  expect(await entriesOf(stack)).toEqual([
    `ann@example.com in ${project}: project.user / project.user`,
    `bob@example.com in ${project}: project.admin / project.user`,
    `eve@example.com in ${project}: project.user / none`,
    `joe@example.com in ${project}: none / project.user`,
  ]);
});

test("An administrator of a declared organization reaches its projects.", async () => {
  const stack = world.stack();
  await stack.up({
    ann: ["orgAdminBinding", { organization: world.organization, member: "ann@example.com" }],
  });
  const through = world.projects.map(
    (name) => `ann@example.com in ${name}: organization.admin / none through`,
  );
  expect((await entriesOf(stack)).filter((entry) => entry.startsWith("ann@"))).toEqual(
    [`ann@example.com in ${world.organization}: organization.admin / organization.admin`, ...through].sort(),
  );
  expect(through).toHaveLength(world.projects.length);
});

test("The membership of an accepted invitation is the declared one, whatever its id and its address are then.", async () => {
  const stack = world.stack();
  await stack.up({ ann: [...binding("ann@example.com")], bob: [...binding("bob@example.com")] });
  const state = exported(stack);
  for (const { outputs } of state.deployment.resources) if (outputs?.status) outputs.status = "PENDING";
  // Another id, the same address.
  world.cloud.members.delete(stack.made.ann!.id);
  world.cloud.users.delete(world.cloud.users.list().find(({ email }) => email === "ann@example.com")!.name);
  world.cloud.users.create({ email: "ann@example.com" });
  world.cloud.members.create({ scope: project!, email: "ann@example.com", roles: ["roles/project.user"] });
  // The same id, another address.
  world.cloud.members.update(stack.made.bob!.id, { email: "robert@example.com" });
  expect(await entriesOf(state)).toEqual([
    `ann@example.com in ${project}: project.user / project.user`,
    `robert@example.com in ${project}: project.user / project.user`,
  ]);
});

test("The end of declared access is the end of its day.", async () => {
  const stack = world.stack();
  await stack.up({ ann: [...binding("ann@example.com")], bob: [...binding("bob@example.com")] });
  stack.made.ann!.inputs.expires = "2099-03-31";
  stack.made.bob!.inputs.expires = "from a later version";
  expect(await entriesOf(stack)).toEqual([
    `ann@example.com in ${project}: project.user / project.user until 2099-04-01T00:00:00.000Z`,
    `bob@example.com in ${project}: project.user / project.user`,
  ]);
});

test("The declaration of another stack counts for a membership that exists, and nothing is missing where nobody looked.", async () => {
  const [stack, another] = [world.stack(), world.stack()];
  await stack.up({ ann: [...binding("ann@example.com")] });
  await another.up({
    bob: [...binding("bob@example.com", "project.developer")],
    joe: [...binding("joe@example.com", "project.user", {}, other)],
  });
  expect(await entriesOf(stack, { others: [exported(another, "another")] })).toEqual([
    `ann@example.com in ${project}: project.user / project.user`,
    `bob@example.com in ${project}: project.developer / project.developer`,
  ]);
  expect(home).toBeDefined();
});

test("A membership that the list lacks, because the list is late, is not missing.", async () => {
  const stack = world.stack();
  await stack.up({ ann: [...binding("ann@example.com")] });
  world.faults.add({
    method: "GET",
    path: `/v2/${project}/members`,
    effect: { kind: "respond", status: 200, body: { members: [], nextPageToken: "" } },
    times: "untilCleared",
  });
  expect(await entriesOf(stack)).toEqual([`ann@example.com in ${project}: project.user / project.user`]);
});

test("No membership is lost, and each has one entry with its role in the cloud, whatever is declared.", () => {
  const roles = ["roles/project.user", "roles/project.admin", "roles/unknown"];
  const places = ["projects/p", "projects/q", "organizations/o"];
  const person = fc.constantFrom("1", "2", "3");
  const where = fc.constantFrom(...places);
  const role = fc.constantFrom(...roles);
  const body = fc.record({ id: person, at: where, role }).map((each) => ({
    name: `${each.at}/members/${each.id}`,
    email: `${each.id}@example.com`,
    roles: [each.role],
    ...{ displayName: "", status: "ACCEPTED", accountType: "", createTime: "" },
  }));
  const declared = fc
    .record({ id: person, at: where, role, isInvitation: fc.boolean() })
    .map((each): DeclaredMembership => ({
      ...{ kind: "membership", name: `${each.at}/members/${each.id}`, urn: `urn:${each.at}:${each.id}` },
      ...{ email: `${each.id}@example.com`, addresses: [`${each.id}@example.com`] },
      ...{ expected: { role: each.role }, isInvitation: each.isInvitation, hasEnded: false },
      ...{ ignored: [], isBeingReplaced: false },
    }));
  const bodies = fc.uniqueArray(body, { selector: ({ name }) => name });
  fc.assert(
    fc.property(bodies, fc.uniqueArray(declared, { selector: ({ name }) => name }), (all, own) => {
      const members = new Map(
        places.map((name) => [name, { items: all.filter((each) => each.name.startsWith(`${name}/`)) }]),
      );
      const inventory = { members, accounts: new Map(), keys: new Map() };
      const outside = { memberships: [], failures: [], notLookedAt: [] };
      const facts = factsOf({ inventory, outside, present: { own, others: [], unlisted: [] } }, []);
      const entries = effectiveAccess(facts);
      const existing = entries.filter((entry) => entry.role !== "" && entry.through === "");
      const named = existing.map(
        ({ place: { name }, member, role: its }) => `${name}/members/${member.id} ${its}`,
      );
      expect(named.sort()).toEqual(all.map(({ name, roles: [its] }) => `${name} ${its}`).sort());
      // Each declaration is on exactly one entry: that of its membership, or that of what is missing.
      expect(entries.flatMap(({ resources }) => resources).sort()).toEqual(own.map(({ urn }) => urn).sort());
    }),
  );
});
