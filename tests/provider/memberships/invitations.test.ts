import type { Program, Stack } from "../stack";
import { failureOf, startWorld, type World } from "../world";

const email = "new.person@example.com";
const day = 86_400_000;
const roleIn = (project: string, role = "project.user"): Program => ({
  person: ["projectRoleBinding", { project, member: email, role }],
});
/**
 * Runs a program, and reads the result once. After that the provider no longer treats it as just created and
 * does not wait for a 404.
 */
async function settled(world: World, program: Program): Promise<Stack> {
  const stack = world.stack();
  await stack.up(program);
  await stack.refresh();
  return stack;
}

/** The members of a scope in the cloud, and their roles. */
const accessIn = ({ cloud }: World, scope: string) =>
  cloud.members.list(scope).map((member) => `${member.email} ${member.roles.join()}`);

describe("an invitation that gets another member id when it is accepted", () => {
  let world: World;
  let project: string;
  beforeEach(async () => {
    world = await startWorld({ unknowns: { memberIdChangesOnAccept: true } });
    [, project] = world.projects;
  });

  test("is followed by a role change before any refresh, and by the refresh after it", async () => {
    const stack = await settled(world, roleIn(project));
    world.cloud.acceptInvitation(email);
    expect(await stack.up(roleIn(project, "project.admin"))).toEqual({ person: "update" });
    expect(accessIn(world, project)).toEqual([`${email} roles/project.admin`]);
    expect(await stack.refresh()).toEqual({ person: [] });
    expect(await stack.up(roleIn(project, "project.admin"))).toEqual({ person: "same" });
    await stack.destroy();
    expect(accessIn(world, project)).toEqual([]);
  });

  test("loses its access if it is deleted before any refresh", async () => {
    const stack = await settled(world, roleIn(project));
    world.cloud.acceptInvitation(email);
    await stack.destroy();
    expect(accessIn(world, project)).toEqual([]);
  });

  test("counts as deleted if it was withdrawn by hand, and is sent again", async () => {
    const stack = await settled(world, roleIn(project));
    world.cloud.members.delete(stack.made.person!.id);
    expect(await stack.refresh()).toEqual({ person: "gone" });
    expect(await stack.up(roleIn(project))).toEqual({ person: "create" });
  });
});

test("another person's later membership with the same email is not ours", async () => {
  const world = await startWorld();
  const [, project] = world.projects;
  const stack = await settled(world, roleIn(project));
  world.cloud.acceptInvitation(email);
  expect(await stack.refresh()).toEqual({ person: [] });
  // The person leaves permanently, and another account with that email is added by hand.
  const user = world.cloud.users.list().find((known) => known.email === email)!;
  world.cloud.members.delete(stack.made.person!.id);
  world.cloud.users.delete(user.name);
  world.cloud.members.create({ scope: project, email, roles: ["roles/project.user"] });
  expect(await stack.refresh()).toEqual({ person: "gone" });
  expect((await failureOf(stack.up(roleIn(project)))).message).toContain("is already a member of");
});

describe("an invitation that expires", () => {
  test.each([
    ["stays", "PENDING", []],
    ["EXPIRED", "EXPIRED", []],
    ["vanishes", undefined, "gone"],
  ] as const)("and %s is read correctly, and corrected if necessary", async (fate, status, seen) => {
    const world = await startWorld({ unknowns: { invitationLifetimeDays: 7, expiredInvitation: fate } });
    const [, project] = world.projects;
    const stack = await settled(world, roleIn(project));
    world.clock.advance(8 * day);
    expect(await stack.refresh()).toEqual({ person: seen });
    expect(stack.made.person?.outs.status).toBe(status);
    expect(await stack.up(roleIn(project))).toEqual({ person: seen === "gone" ? "create" : "same" });
    await stack.destroy();
    expect(accessIn(world, project)).toEqual([]);
  });
});

test("a project's last administrator that the API keeps stays in the state, and the API's message is shown", async () => {
  const world = await startWorld({ unknowns: { lastProjectAdminRemoval: "400" } });
  const [, project] = world.projects;
  const stack = await settled(world, roleIn(project, "project.admin"));
  const { id } = stack.made.person!;
  const said = "400 the last administrator cannot be removed";
  expect((await failureOf(stack.up(roleIn(project)))).message).toBe(`PATCH ${id}: ${said}`);
  expect((await failureOf(stack.destroy())).message).toBe(`DELETE ${id}: ${said}`);
  expect(stack.made.person?.id).toBe(id);
});
