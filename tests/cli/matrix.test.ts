import { columnsOf } from "../../cli/html/groups";
import { peopleOf } from "../../cli/html/people";
import { startWorld, type World } from "../provider/world";
import { recorded, type Recording } from "./recorded";
import type { Stack } from "../provider/stack";

let world: World;
let [, project, other]: readonly string[] = [];
beforeEach(async () => {
  world = await startWorld();
  [, project, other] = world.projects;
  // Unknown addresses would be invitations.
  for (const name of ["ann", "bob", "cleo", "dan", "eve", "fay", "gus", "jane"])
    world.cloud.users.create({ email: `${name}@example.com` });
});

const lists = () => ({
  list: ["projectAccess" as const, { project, members: [] }] as const,
  another: ["projectAccess" as const, { project: other, members: [] }] as const,
});
const invite = (scope: string, email: string, role = "roles/project.user") =>
  world.cloud.members.create({ scope, email, roles: [role] }).name;

/** The rows of the matrix, without the two administrators that every organization has here. */
async function rowsOf(stack: Stack, recording?: Recording, isAdaShown = false) {
  const record = await recorded(world, stack, recording);
  const columns = columnsOf(record.places);
  return peopleOf(record, columns)
    .filter(({ name }) => name !== "Pulumi" && (isAdaShown || name !== "Ada Admin"))
    .map((person) => ({
      ...person,
      cells: person.cells.map((cell) => ({ ...cell, place: columns[cell.column]!.name })),
    }));
}

/** Each cell as `email in place: text (remark)`. */
async function cellsOf(stack: Stack, recording?: Recording, isAdaShown = false): Promise<string[]> {
  const rows = await rowsOf(stack, recording, isAdaShown);
  return rows
    .flatMap(({ email, cells }) =>
      cells.map(
        ({ place, sides, remark }) => `${email} in ${place}: ${sides}${remark === "" ? "" : ` (${remark})`}`,
      ),
    )
    .sort();
}

test("A row of the access matrix is a person, by member id: a person with two addresses is one row, and two people with the same address are two.", async () => {
  const [here, there] = [invite(project!, "jane@example.com"), invite(other!, "jane@example.com")];
  // The address of one membership changed. Then another person received the old address.
  world.cloud.members.update(there, { email: "joan@example.com" });
  world.cloud.users.delete(world.cloud.users.list().find(({ email }) => email === "jane@example.com")!.name);
  world.cloud.members.delete(here);
  world.cloud.users.create({ email: "jane@example.com" });
  invite(project!, "jane@example.com");
  const stack = world.stack();
  await stack.up(lists());
  const rowsNow = async () =>
    (await rowsOf(stack))
      .map(({ email, cells }) => `${email} in ${cells.map(({ place }) => place).join()}`)
      .sort();
  expect(await rowsNow()).toEqual([`jane@example.com in ${project}`, `joan@example.com in ${other}`]);

  world.cloud.members.update(there, { email: "jane@example.com" });
  expect(await rowsNow()).toEqual([`jane@example.com in ${project}`, `jane@example.com in ${other}`].sort());
});

test("A person whose memberships show two addresses is one row.", async () => {
  for (const scope of [project!, other!]) invite(scope, "jane@example.com");
  const [{ name } = { name: "" }] = world.cloud.members.list(other);
  world.cloud.members.update(name, { email: "joan@example.com" });
  const stack = world.stack();
  await stack.up(lists());
  const rows = await rowsOf(stack);
  expect(rows).toHaveLength(1);
  expect(rows[0]!.cells.map(({ place }) => place).sort()).toEqual([project, other].sort());
});

test("A cell states both sides, and what is missing is not an empty cell.", async () => {
  const binding = (member: string, role = "project.user") =>
    ["projectRoleBinding" as const, { project, member, role }] as const;
  const stack = world.stack();
  await stack.up({
    ann: binding("ann@example.com"),
    bob: binding("bob@example.com"),
    cleo: binding("cleo@example.com", "project.admin"),
    dan: binding("dan@example.com"),
    eve: binding("eve@example.com"),
  });
  const { made } = stack;
  world.cloud.members.update(made.bob!.id, { roles: ["roles/project.admin"] });
  world.cloud.members.update(made.cleo!.id, { roles: ["roles/project.user"] });
  world.cloud.members.delete(made.dan!.id);
  made.eve!.inputs.expires = "2027-03-31";
  invite(project!, "fay@example.com");
  const gus = invite(project!, "gus@example.com");
  const baseline = {
    version: 1 as const,
    accepted: [{ id: gus, reason: "the auditor" }],
    ignored: [],
  };
  expect(await cellsOf(stack, { baseline, asOf: "2027-01-01T00:00:00Z" })).toEqual([
    `ann@example.com in ${project}: user`,
    `bob@example.com in ${project}: admin, declared user`,
    `cleo@example.com in ${project}: user, declared admin`,
    `dan@example.com in ${project}: none, declared user (missing)`,
    `eve@example.com in ${project}: user (until 2027-03-31)`,
    `fay@example.com in ${project}: user (not declared)`,
    `gus@example.com in ${project}: user (accepted; the auditor)`,
  ]);
});

test("Administrators of the organization are shown in the projects that they reach, even if nothing is declared in the organization.", async () => {
  const stack = world.stack();
  await stack.up({ list: lists().list });
  const cells = await cellsOf(stack, {}, true);
  const company = world.cloud.organizations.list()[0]!.displayName;
  expect(cells).toEqual(
    [
      `ada@example.com in ${world.organization}: admin (not compared)`,
      `ada@example.com in ${project}: admin (administrator of ${company})`,
    ].sort(),
  );
});

test("A person whom a list of members names is in that list, and not undeclared.", async () => {
  invite(project!, "ann@example.com");
  const stack = world.stack();
  await stack.up({ list: ["projectAccess", { project, members: ["ann@example.com"] }] });
  expect(await cellsOf(stack)).toEqual([`ann@example.com in ${project}: user (in the list of members)`]);
});

test("Where the members could not be read, nothing is missing.", async () => {
  const stack = world.stack();
  await stack.up({
    ann: ["projectRoleBinding", { project, member: "ann@example.com", role: "project.user" }],
  });
  world.faults.add({
    path: `/v2/${project}/members`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  expect(await cellsOf(stack)).toEqual([
    `ann@example.com in ${project}: not read, declared user (could not be read)`,
  ]);
});

test("The person with the declared address of another one is a row of its own, and both rows say so.", async () => {
  const stack = world.stack();
  await stack.up({
    ann: ["projectRoleBinding", { project, member: "ann@example.com", role: "project.user" }],
  });
  world.cloud.members.delete(stack.made.ann!.id);
  world.cloud.users.delete(world.cloud.users.list().find(({ email }) => email === "ann@example.com")!.name);
  world.cloud.users.create({ email: "ann@example.com" });
  invite(project!, "ann@example.com", "roles/project.admin");
  expect(await cellsOf(stack)).toEqual([
    `ann@example.com in ${project}: admin (another member with the declared email)`,
    `ann@example.com in ${project}: none, declared user (another member with the declared email)`,
  ]);
});

test("The keys of an undeclared account are in its row, and are no findings.", async () => {
  const stack = world.stack();
  await stack.up({ list: lists().list });
  const account = world.cloud.accounts.create({ project: project!, displayName: "stray" });
  const key = world.cloud.keys.create({ account: account.name });
  const [row] = (await rowsOf(stack)).filter(({ name }) => name === "stray");
  expect(row!.remark).toBe("not declared");
  expect(row!.keys.map(({ id, text }) => [id, text])).toEqual([[key.id, "0 days, not compared"]]);
  const { findings, summary } = await recorded(world, stack);
  expect(findings.map(({ id }) => id)).toEqual([account.name]);
  expect(summary).toMatchObject({ undeclared: 1, counts: { unmanaged: 1 } });
});

test("Access that has ended is no row if it is gone, and says so if it still exists.", async () => {
  const binding = (member: string) =>
    ["projectRoleBinding" as const, { project, member, role: "project.user" }] as const;
  const stack = world.stack();
  await stack.up({
    ann: binding("ann@example.com"),
    bob: binding("bob@example.com"),
    cleo: binding("cleo@example.com"),
  });
  const { ann, bob, cleo } = stack.made;
  for (const each of [ann, bob, cleo]) each!.inputs.expires = "2026-12-31";
  world.cloud.members.delete(ann!.id);
  ann!.outs.expired = true;
  world.cloud.members.delete(bob!.id);
  const asOf = "2027-01-01T00:00:00Z";
  expect(await cellsOf(stack, { asOf })).toEqual([
    `cleo@example.com in ${project}: user (has ended; until 2026-12-31)`,
  ]);
  const { summary } = await recorded(world, stack, { asOf });
  expect(summary).toMatchObject({ endingSoon: 0, counts: { expired: 1, missing: 0 } });
});
