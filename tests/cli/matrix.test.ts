import { matrixOf } from "../../cli/html/matrix";
import { startWorld } from "../provider/world";
import { compared } from "./compareWithCloud";

test("A row of the access matrix is a person, by member id: a person with two addresses is one row, and two people with the same address are two.", async () => {
  const world = await startWorld();
  const [, project, other] = world.projects as [string, string, string];
  const { users, members } = world.cloud;
  const invite = (scope: string, email: string) =>
    members.create({ scope, email, roles: ["roles/project.user"] }).name;
  const [here, there] = [invite(project, "jane@example.com"), invite(other, "jane@example.com")];
  // The address of one membership changed. Then another person received the old address.
  members.update(there, { email: "joan@example.com" });
  users.delete(users.list().find(({ email }) => email === "jane@example.com")!.name);
  members.delete(here);
  users.create({ email: "jane@example.com" });
  invite(project, "jane@example.com");

  const stack = world.stack();
  await stack.up({
    list: ["projectAccess", { project, members: [] }],
    another: ["projectAccess", { project: other, members: [] }],
  });
  const rowsNow = async () => {
    const { identities } = matrixOf(await compared(world, stack), [], new Map(), new Date());
    return identities.map(({ email, access }) => `${email} in ${[...access.keys()].sort().join()}`);
  };
  expect(await rowsNow()).toEqual([`jane@example.com in ${project}`, `joan@example.com in ${other}`]);

  members.update(there, { email: "jane@example.com" });
  expect(await rowsNow()).toEqual([`jane@example.com in ${project}`, `jane@example.com in ${other}`]);
});

test("A person whose memberships show two addresses is one row.", async () => {
  const world = await startWorld();
  const [, project, other] = world.projects as [string, string, string];
  const { members } = world.cloud;
  for (const scope of [project, other])
    members.create({ scope, email: "jane@example.com", roles: ["roles/project.user"] });
  const [{ name } = { name: "" }] = members.list(other);
  members.update(name, { email: "joan@example.com" });
  const stack = world.stack();
  await stack.up({
    list: ["projectAccess", { project, members: [] }],
    another: ["projectAccess", { project: other, members: [] }],
  });
  const { identities } = matrixOf(await compared(world, stack), [], new Map(), new Date());
  expect(identities).toHaveLength(1);
  expect([...identities[0]!.access.keys()].sort()).toEqual([project, other].sort());
});
