import type { Unknowns } from "../../emulator";
import type { Stack } from "../provider/stack";
import { startWorld, type World } from "../provider/world";
import { compared, findingsIn } from "./compareWithCloud";
import { exported } from "./state";

let world: World;
let stack: Stack;
let stray: string;

async function plant(unknowns: Partial<Unknowns> = {}, accounts = 1): Promise<void> {
  world = await startWorld({ unknowns });
  stack = world.stack();
  const [, project, other] = world.projects as [string, string, string];
  const names = Array.from({ length: accounts }, (_, index) => `a${index}`);
  await stack.up(
    Object.fromEntries(names.map((name) => [name, ["serviceAccount", { project, displayName: name }]])),
  );
  const email = String(stack.made[names.at(-1)!]!.outs.email);
  stray = world.cloud.members.create({ scope: other, email, roles: ["roles/project.admin"] }).name;
  world.requests.clear();
}

const cases: Record<string, Partial<Unknowns>> = {
  "is asked for one account": {},
  "wants an organization, too": { wildcardNeeds: "both" },
  "wants an organization": { wildcardNeeds: "organization" },
  "filters by an email that we do not send": { wildcardEmailFilter: "400" },
  "shows administrators of the organization, too": { orgAdminsInProjectLists: "both" },
};

describe("Access of a declared account in a project without declarations is found if the wildcard list", () => {
  test.each(Object.entries(cases))("%s.", async (_, unknowns) => {
    await plant(unknowns);
    expect(await findingsIn(world, stack)).toEqual([`unmanaged ${stray}`]);
  });

  test.each([400, 403, 404, 501])("is answered with %i.", async (status) => {
    await plant();
    world.faults.add({
      path: "/v2/projects/-/members",
      effect: { kind: "respond", status },
      times: "untilCleared",
    });
    expect(await findingsIn(world, stack)).toEqual([`unmanaged ${stray}`]);
  });
});

test("It is also found by an account that administers no organization, in its accessible projects, under either answer of the API.", async () => {
  for (const wildcardPermission of ["reach", "organization.admin"] as const) {
    await plant({ wildcardPermission });
    const [, project, other] = world.projects as [string, string, string];
    const login = world.identity({ [project]: "project.user", [other]: "project.user" });
    const { findings } = await compared(world, stack, { login });
    expect(findings.map(({ id }) => id)).toContain(stray);
  }
});

test("A declared account that a person made administrator of another organization is found.", async () => {
  await plant();
  const { name } = world.cloud.organizations.create({ displayName: "Another" });
  world.cloud.members.create({ scope: name, email: world.admin.email, roles: ["roles/organization.admin"] });
  const email = String(stack.made.a0!.outs.email);
  const made = world.cloud.members.create({ scope: name, email, roles: ["roles/organization.admin"] });
  expect(await findingsIn(world, stack)).toEqual([`unmanaged ${made.name}`, `unmanaged ${stray}`].sort());
});

test("A failure in the search elsewhere makes the run incomplete.", async () => {
  await plant();
  world.faults.add({
    path: "/v2/organizations",
    effect: { kind: "respond", status: 400 },
    times: "untilCleared",
  });
  expect(await findingsIn(world, stack)).toEqual([`unmanaged ${stray}`, "unread organizations"]);
});

test("Many accounts are found with one list of everything, and a few with one list each.", async () => {
  await plant({}, 12);
  expect(await findingsIn(world, stack)).toEqual([`unmanaged ${stray}`]);
  expect(world.calls().filter((call) => call === "GET projects/-/members")).toHaveLength(1);
});

test("Memberships that other stacks declare elsewhere are not findings.", async () => {
  await plant();
  const others = world.stack();
  const member = world.cloud.members.get(stray)!;
  await others.up({
    theirs: [
      "projectRoleBinding",
      { project: stray.split("/members/")[0], member: member.email, role: "project.admin", adopt: true },
    ],
  });
  expect(await findingsIn(world, stack, { others: [exported(others)] })).toEqual([]);
});
