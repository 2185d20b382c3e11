import { inRun } from "../engineRun";
import type { Program } from "../stack";
import { printed, startWorld, type World } from "../world";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});

const bindings = (member: string, role = "project.user"): Program => ({
  role: ["projectRoleBinding", { project: world.projects[1], member, role }],
  admin: ["orgAdminBinding", { organization: world.organization, member }],
});

/** A person accepts under another address, or changes it. The membership stays. */
function changeAddress(from: string, to: string): string[] {
  const members = world.cloud.members.list().filter(({ email }) => email === from);
  for (const { name } of members) world.cloud.members.update(name, { email: to, status: "ACCEPTED" });
  world.requests.clear();
  return members.map(({ name }) => name);
}

test("an invitation that is accepted under another address is not drift, and the output shows the address", async () => {
  const stack = world.stack();
  await stack.up(bindings("jane@example.com"));
  const names = changeAddress("jane@example.com", "Jane.Doe@example.org");
  expect(await stack.refresh()).toEqual({ role: [], admin: [] });
  expect(stack.made.role!.outs).toMatchObject({
    member: "jane@example.com",
    email: "jane.doe@example.org",
    status: "ACCEPTED",
  });
  expect(await stack.up(bindings("jane@example.com"))).toEqual({ role: "same", admin: "same" });
  expect(world.writes()).toEqual([]);
  expect(names.map((name) => world.cloud.members.get(name))).toMatchObject([{}, {}]);
});

test("the refresh says which address to put into the program", async () => {
  const stack = world.stack();
  await stack.up(bindings("kim@example.com"));
  changeAddress("kim@example.com", "kim.lee@example.org");
  expect(await printed(() => stack.refresh())).toContain(
    "kim@example.com has the address kim.lee@example.org now, so put that into the program",
  );
});

test.each([
  ["after a refresh", true],
  ["without a refresh", false],
])(
  "%s, the new address in the program updates in place and changes nothing in the cloud",
  async (_when, refresh) => {
    const stack = world.stack();
    await stack.up(bindings("jane@example.com"));
    changeAddress("jane@example.com", "jane.doe@example.org");
    if (refresh) await stack.refresh();
    expect(await stack.up(bindings(" Jane.Doe@Example.org"))).toEqual({ role: "update", admin: "update" });
    expect(world.writes()).toEqual([]);
    expect(stack.made.role!.outs).toMatchObject({
      member: "jane.doe@example.org",
      email: "jane.doe@example.org",
    });
    expect(await stack.up(bindings("jane.doe@example.org"))).toEqual({ role: "same", admin: "same" });
    expect(await stack.refresh()).toEqual({ role: [], admin: [] });
  },
);

test("a notice says that two addresses belong to one person, but not of another person", async () => {
  const stack = world.stack();
  await stack.up(bindings("lou@example.com"));
  changeAddress("lou@example.com", "lou.reed@example.org");
  const text = await printed(() => stack.up(bindings("lou.reed@example.org")));
  const said = "lou.reed@example.org is the present address of lou@example.com. It is the same person";
  for (const name of ["role", "admin"]) expect(text).toContain(`${stack.made[name]!.id}: ${said}`);
  expect(world.writes()).toEqual([]);
  expect(await printed(() => stack.up(bindings("joe@example.com")))).not.toContain("same person");
});

test("a new address and a new role together are one PATCH", async () => {
  const stack = world.stack();
  await stack.up(bindings("jane@example.com"));
  changeAddress("jane@example.com", "jane.doe@example.org");
  expect(await stack.up(bindings("jane.doe@example.org", "project.admin"))).toMatchObject({ role: "update" });
  expect(world.writes()).toEqual([`PATCH ${stack.made.role!.id}`]);
});

test("another person is a replacement, even if the first one has another address by now", async () => {
  const stack = world.stack();
  await stack.up(bindings("jane@example.com"));
  const [gone] = changeAddress("jane@example.com", "jane.doe@example.org");
  expect(await stack.up(bindings("joe@example.com"))).toEqual({ role: "replace", admin: "replace" });
  expect(world.cloud.members.get(gone!)).toBeUndefined();
});

test("a state with an address in the decomposed form, from an earlier version, changes nothing", async () => {
  const stack = world.stack();
  await stack.up(bindings("åse@example.com"));
  const decompose = (name: string) => {
    const made = stack.made[name]!;
    const member = "a\u030Ase@example.com";
    stack.made[name] = { ...made, inputs: { ...made.inputs, member }, outs: { ...made.outs, member } };
  };
  decompose("role");
  decompose("admin");
  world.requests.clear();
  expect(await stack.up(bindings("A\u030Ase@example.com"))).toEqual({ role: "update", admin: "update" });
  expect(world.writes()).toEqual([]);
  expect(stack.made.role!.outs.member).toBe("åse@example.com");
});

test("a member with an address in the decomposed form in the cloud is found and adopted", async () => {
  const scope = world.projects[1];
  world.cloud.members.create({ scope, email: "A\u030Ase@example.com", roles: ["roles/project.user"] });
  const stack = world.stack();
  const inputs = { project: scope, member: "åse@example.com", role: "project.user", adopt: true };
  await stack.up({ role: ["projectRoleBinding", inputs] });
  expect(world.cloud.members.list(scope).filter(({ email }) => /se@example/.test(email))).toHaveLength(1);
});

test("a list of members also recognizes a member by the membership, and never removes them for a new address", async () => {
  const scope = world.projects[1];
  const list = (members: string[]): Program => ({
    list: ["projectAccess", { project: scope, members, mode: "enforce" }],
  });
  world.cloud.members.create({ scope, email: "jane@example.com", roles: ["roles/project.user"] });
  const stack = world.stack();
  await inRun(() => stack.up(list(["jane@example.com"])));
  changeAddress("jane@example.com", "jane.doe@example.org");
  expect(await inRun(() => stack.refresh())).toEqual({ list: [] });
  expect(await inRun(() => stack.up(list(["jane@example.com"])))).toEqual({ list: "same" });
  expect(await inRun(() => stack.up(list(["jane.doe@example.org"])))).toEqual({ list: "update" });
  expect(await inRun(() => stack.refresh())).toEqual({ list: [] });
  expect(world.writes()).toEqual([]);
});
