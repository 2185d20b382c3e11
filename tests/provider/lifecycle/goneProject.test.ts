import type { Credentials, Effect } from "../../../emulator";
import { without, type Program, type Stack } from "../stack";
import { failureOf, printed, startWorld, type Configuration, type World } from "../world";

let world: World;
let project: string;
/** A stack with one resource of each type in a project, after an `up`. */
let stack: Stack;
beforeEach(async () => {
  world = await startWorld();
  project = world.cloud.projects.create({
    organization: world.organization,
    displayName: "Doomed",
  }).name;
  stack = world.stack(hasty());
  await printed(() => stack.up(program()));
  // A resource that has been read once is no longer treated as just created. The provider waits for a 404 of
  // a new one.
  await stack.refresh();
});

const hasty = (login?: Credentials): Configuration => ({
  ...world.settingsOf(login),
  "dt:retryDelay": "0.001",
});
const program = (): Program => ({
  account: ["serviceAccount", { project, displayName: "ERP" }],
  key: ["serviceAccountKey", ({ account }) => ({ serviceAccount: account!.id })],
  jane: ["projectRoleBinding", { project, member: "jane@example.com", role: "project.user" }],
  grace: ["projectRoleBinding", { project, member: "grace@example.com", role: "project.user" }],
});
const names = ["account", "key", "jane", "grace"] as const;

/** The same state with other credentials, in another process without its memory. */
function inHandsOf(login?: Credentials): Stack {
  return stack.with({ ...hasty(login), "dt:deadline": String(60 + Math.random()) });
}
const administrator = () => world.identity({ [world.organization]: "organization.admin" });
const respond = (status: number, body: unknown): Effect => ({ kind: "respond", status, body });

test("the organization of the project is recorded, and not shown", () => {
  for (const name of names) {
    expect(stack.made[name]!.outs.projectOrganization).toBe(world.organization);
    expect(stack.made[name]!.inputs).not.toHaveProperty("projectOrganization");
  }
});

describe("the list of its organization proves that a project is deleted", () => {
  beforeEach(() => void world.cloud.projects.delete(project));

  test("with everything in it, in a refresh", async () => {
    expect(await inHandsOf().refresh()).toEqual(Object.fromEntries(names.map((name) => [name, "gone"])));
  });

  test("so that it can be removed from the program, and destroyed", async () => {
    for (const other of [inHandsOf(), inHandsOf(administrator())]) {
      await other.destroy();
      expect(other.made).toEqual({});
    }
  });

  test("for each resource by itself, with few requests", async () => {
    for (const name of names) {
      const other = inHandsOf();
      other.made = { [name]: stack.made[name]! };
      expect(await other.refresh()).toEqual({ [name]: "gone" });
    }
    const other = inHandsOf();
    world.requests.clear();
    await other.refresh();
    expect(world.calls().length).toBeLessThan(12);
  });

  test.each(["sortOrder", "extraFields", "bareOrganizationFilter", "organizationViewerRole"] as const)(
    "with any answer to %s",
    async (unknown) => {
      const other = { sortOrder: "byName", bareOrganizationFilter: "400" } as const;
      Object.assign(world.unknowns, { [unknown]: unknown in other ? other[unknown as never] : true });
      expect(await inHandsOf().refresh()).toMatchObject({ account: "gone" });
    },
  );

  test("with its list of members", async () => {
    const id = project;
    const inputs = { project, members: [], mode: "report", undeclared: {} };
    const outs = { ...inputs, apiUrl: world.url, projectOrganization: world.organization };
    const other = inHandsOf();
    other.made = { list: { type: "projectAccess", id, inputs, outs } };
    expect(await other.refresh()).toEqual({ list: "gone" });
  });

  test("even if it was the last of its organization", async () => {
    const organization = world.cloud.organizations.create({ displayName: "Small" }).name;
    const { email } = world.admin;
    world.cloud.members.create({ scope: organization, email, roles: ["roles/organization.admin"] });
    project = world.cloud.projects.create({ organization, displayName: "Only" }).name;
    stack = world.stack(hasty());
    await printed(() => stack.up(program()));
    await stack.refresh();
    world.cloud.projects.delete(project);
    expect(await inHandsOf().refresh()).toMatchObject({ account: "gone", jane: "gone" });
  });
});

describe("a deleted project is not treated as deleted", () => {
  beforeEach(() => void world.cloud.projects.delete(project));

  /** Expects that nothing is treated as deleted, and that the message says what to do. */
  async function expectStays(other: Stack): Promise<void> {
    const text = await printed(async () => {
      for (const name of names) {
        other.made = { [name]: stack.made[name]! };
        await failureOf(other.refresh());
        await failureOf(other.destroy());
        expect(other.made).toEqual({ [name]: stack.made[name]! });
      }
    });
    expect(text).toContain("Nothing was taken as deleted");
    expect(text.match(/pulumi state delete 'urn:[^']+' --target-dependents\n/g)).toHaveLength(1);
    other.made = { ...stack.made };
  }

  test("by a viewer of its organization", async () => {
    world.unknowns.organizationViewerRole = true;
    await expectStays(inHandsOf(world.identity({ [world.organization]: "organization.viewer" })));
  });

  test.each([403, 404] as const)("by a stranger, who gets %p", async (status) => {
    Object.assign(world.unknowns, { forbiddenAs: status });
    await expectStays(inHandsOf(world.identity()));
  });

  test("by an administrator of another organization", async () => {
    const other = world.cloud.organizations.create({ displayName: "Other" }).name;
    await expectStays(inHandsOf(world.identity({ [other]: "organization.admin" })));
  });

  test("if the API answers 403, and then the organization's list is needed for the command", async () => {
    world.unknowns.missingProjectAs = 403;
    await expectStays(inHandsOf(administrator()));
  });

  test("if the state does not know the organization", async () => {
    for (const name of names) {
      const { outs, ...rest } = stack.made[name]!;
      stack.made[name] = { ...rest, outs: without(outs, "projectOrganization") };
    }
    await expectStays(inHandsOf(administrator()));
  });

  test.each<[string, () => [path: string, effect: Effect]]>([
    ["a page in the place of the project", () => [project, respond(404, "<html>not found</html>")]],
    ["no permissions", () => [`${world.organization}/permissions`, respond(200, { permissions: [] })]],
    ["permissions that can't be read", () => [`${world.organization}/permissions`, respond(403, {})]],
    [
      "a list that shows it",
      () => ["projects", respond(200, { projects: [{ name: project, organization: world.organization }] })],
    ],
  ])("with %s", async (_what, fault) => {
    const [path, effect] = fault();
    world.faults.add({ method: "GET", path: `/v2/${path}`, effect, times: "untilCleared" });
    await expectStays(inHandsOf(administrator()));
  });

  test.each(["permissions", "projects"])("if the %s can't be read, which is an error", async (what) => {
    const path = what === "projects" ? "/v2/projects" : `/v2/${world.organization}/permissions`;
    world.faults.add({ method: "GET", path, effect: respond(500, {}), times: "untilCleared" });
    const other = inHandsOf(administrator());
    other.made = { jane: stack.made.jane! };
    expect((await failureOf(other.refresh())).message).toContain("500");
    world.faults.clear();
    expect(await other.refresh()).toEqual({ jane: "gone" });
  });
});

test("a project whose administrator has lost the permission is never treated as deleted", async () => {
  const login = administrator();
  for (const status of [403, 404] as const) {
    world.unknowns.forbiddenAs = status;
    const other = inHandsOf(login);
    expect(await other.refresh()).toMatchObject({ account: [], jane: [] });
    const [member] = world.cloud.members
      .list(world.organization)
      .filter(({ email }) => email === login.email);
    world.cloud.members.delete(member!.name);
    for (const name of names) {
      other.made = { [name]: stack.made[name]! };
      await failureOf(other.refresh());
      expect(Object.keys(other.made)).toEqual([name]);
    }
    const { email, roles } = member!;
    world.cloud.members.create({ scope: world.organization, email, roles });
  }
});

test("one error explains it, and the others refer to that one", async () => {
  const other = inHandsOf(world.identity());
  world.unknowns.forbiddenAs = 404;
  const messages: string[] = [];
  const text = await printed(async () => {
    for (const name of ["account", "jane", "grace"]) {
      other.made = { [name]: stack.made[name]! };
      messages.push((await failureOf(other.refresh())).message);
    }
  });
  const [first, ...others] = messages;
  expect(first).toContain(`${project} can't be seen with these credentials`);
  for (const message of others) {
    expect(message).toMatch(
      /^\S+ can't see projects\/\S+, and the command that helps was printed: GET \S+: 404 not found$/,
    );
  }
  expect(text.match(/pulumi state delete/g)).toHaveLength(1);
});

test("creating in many projects needs one request for each hundred projects, and a page that fails does not matter", async () => {
  const { organization } = world;
  const projects = Array.from(
    { length: 12 },
    (_, index) => world.cloud.projects.create({ organization, displayName: `P${index}` }).name,
  );
  const bindings = (member: string): Program =>
    Object.fromEntries(
      projects.map((each, index) => [
        `b${index}`,
        ["projectRoleBinding", { project: each, member, role: "project.user" }],
      ]),
    );
  const many = world.stack(hasty(administrator()));
  world.requests.clear();
  await many.up(bindings("grace@example.com"));
  expect(world.calls().filter((call) => /^GET projects/.test(call))).toEqual(["GET projects"]);

  world.faults.add({ path: "/v2/projects", effect: respond(500, {}), times: "untilCleared" });
  for (const each of projects)
    world.faults.add({ method: "GET", path: `/v2/${each}`, effect: respond(403, {}) });
  const unlucky = world.stack(hasty(administrator()));
  await unlucky.up(bindings("ada@example.com"));
  expect(unlucky.made.b0!.outs).not.toHaveProperty("projectOrganization");
});
