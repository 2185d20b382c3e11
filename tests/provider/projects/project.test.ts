import { failureOf, printed, startWorld, type World } from "../world";
import type { Program, Properties, Stack } from "../stack";
import { unknown } from "../stack";

let world: World;
let stack: Stack;
beforeEach(async () => {
  world = await startWorld();
  stack = world.stack({ ...world.settingsOf(), "dt:retryDelay": "0.05" });
});

const client = (more: Properties = {}): Program => ({
  client: ["project", { organization: world.organization, displayName: "Client B", ...more }],
});
const id = () => stack.made.client!.id;
const named = (displayName: string) =>
  world.cloud.projects.list().filter((project) => project.displayName === displayName);
const writes = () => world.writes().map((call) => call.replace(id(), "P"));
const existing = (more: object = {}) =>
  world.cloud.projects.create({ organization: world.organization, displayName: "Client B", ...more });

test("a project is created, stays as it is, changes in place and is deleted", async () => {
  const labels = { customer: "b" };
  const location = { latitude: 59.9, longitude: 10.7, timeLocation: "Europe/Oslo" };
  expect(await stack.up(client({ labels, location }))).toEqual({ client: "create" });
  expect(world.cloud.projects.get(id())).toMatchObject({ displayName: "Client B", labels, location });
  expect(stack.made.client!.outs).toMatchObject({
    organizationDisplayName: "Example Company",
    inventory: false,
    deletion: "empty",
  });
  expect(world.writes()).toEqual(["POST projects", "POST projects:batchUpdate"]);
  expect(await stack.refresh()).toEqual({ client: [] });
  expect(await stack.up(client({ labels, location }))).toEqual({ client: "same" });

  world.requests.clear();
  const changed = { displayName: "Client BB", labels: { tier: "1" }, location: { timeLocation: "UTC" } };
  expect(await stack.up(client(changed))).toEqual({ client: "update" });
  expect(writes()).toEqual(["PATCH P", "POST projects:batchUpdate"]);
  expect(world.cloud.projects.get(id())).toMatchObject({
    displayName: "Client BB",
    labels: { tier: "1" },
    location: { ...location, timeLocation: "UTC" },
  });
  expect(stack.made.client!.outs).toMatchObject({ organizationDisplayName: "Example Company" });
  expect(await stack.refresh()).toEqual({ client: [] });

  await stack.destroy();
  expect(named("Client BB")).toEqual([]);
});

test("a rename is one PATCH, and a change of labels is one call", async () => {
  await stack.up(client({ labels: { a: "1", b: "2" } }));
  world.requests.clear();
  await stack.up(client({ displayName: "Renamed", labels: { a: "1", b: "2" } }));
  expect(writes()).toEqual(["PATCH P"]);
  world.requests.clear();
  await stack.up(client({ displayName: "Renamed", labels: { a: "1", b: "3" } }));
  expect(writes()).toEqual(["POST projects:batchUpdate"]);
});

test("drift of the name, the labels and the location is found and corrected", async () => {
  const inputs = { labels: { a: "1" }, location: { latitude: 1 } };
  await stack.up(client(inputs));
  world.cloud.projects.update(id(), {
    displayName: "by hand",
    labels: { a: "2", more: "x" },
    location: { latitude: 2, longitude: 3, timeLocation: "" },
  });
  expect((await stack.refresh()).client).toEqual(["displayName", "labels", "location"]);
  expect(await stack.up(client(inputs))).toEqual({ client: "update" });
  expect(world.cloud.projects.get(id())).toMatchObject({
    displayName: "Client B",
    labels: { a: "1" },
    location: { latitude: 1, longitude: 3 },
  });
});

test("labels and a location that the program does not declare are not managed", async () => {
  await stack.up(client());
  world.cloud.projects.update(id(), {
    labels: { by: "hand" },
    location: { latitude: 1, longitude: 1, timeLocation: "UTC" },
  });
  expect(await stack.refresh()).toEqual({ client: [] });
  await stack.up(client({ displayName: "Renamed" }));
  expect(world.cloud.projects.get(id())).toMatchObject({ labels: { by: "hand" }, location: { latitude: 1 } });
  await stack.up(client({ displayName: "Renamed", labels: {} }));
  expect(world.cloud.projects.get(id())!.labels).toEqual({});
});

test.each(["kept", "refused", "removed"] as const)(
  "a label that the API sets itself stays, and is no drift (%s)",
  async (projectApiLabel) => {
    Object.assign(world.unknowns, { projectApiLabel });
    await stack.up(client({ labels: { a: "1" } }));
    await stack.up(client({ labels: { b: "1" } }));
    expect(world.cloud.projects.get(id())!.labels).toEqual({ "created-by": "api", b: "1" });
    expect(await stack.refresh()).toEqual({ client: [] });
    expect(await stack.up(client({ labels: { b: "1" } }))).toEqual({ client: "same" });
  },
);

test("a label of an adopted project that the API keeps is left alone from then on", async () => {
  Object.assign(world.unknowns, { projectApiLabel: "kept" });
  existing({ labels: { "created-by": "api", old: "1" } });
  const inputs = { adopt: "Client B", labels: { a: "1" } };
  await stack.up(client(inputs));
  expect(named("Client B")[0]!.labels).toEqual({ "created-by": "api", a: "1" });
  expect(await stack.refresh()).toEqual({ client: [] });
});

test("an organization can't change, and the error says what to do", async () => {
  const { name } = world.cloud.organizations.create({ displayName: "Other" });
  await stack.up(client());
  const error = await failureOf(stack.up(client({ organization: name })));
  expect(error.message).toMatch(/can't move to .*Declare a project in .* under another resource name/);
  expect(named("Client B")).toHaveLength(1);
});

test("unknown values pass, and invalid ones are errors", async () => {
  const { handlers } = stack;
  const check = async (inputs: Properties) =>
    (await handlers.project.check({}, { organization: "o", displayName: "x", ...inputs })).failures.map(
      ({ reason }) => reason,
    );
  expect(await check({ organization: unknown, displayName: unknown, labels: unknown })).toEqual([]);
  expect(await check({ location: { latitude: unknown }, labels: { a: unknown } })).toEqual([]);
  expect(await check({ location: { latitude: 91 } })).toEqual([
    "location has a latitude that must be a number of degrees from -90 to 90",
  ]);
  expect(await check({ location: { lat: 1 } })).toEqual([
    'location has latitude, longitude and timeLocation, but not "lat"',
  ]);
  expect(await check({ location: "Oslo", deletion: "always", labels: { a: {} } })).toHaveLength(3);
  expect(await check({ displayName: " " })).toEqual(["displayName must not be empty"]);
});

describe("a deletion", () => {
  const destroyed = () => failureOf(stack.destroy());

  test("is refused while devices, accounts or members are in the project, and names them", async () => {
    await stack.up(client());
    world.cloud.projects.update(id(), { sensorCount: 7, cloudConnectorCount: 1 });
    const { email } = world.cloud.accounts.create({ project: id(), displayName: "ERP" });
    world.cloud.members.create({ scope: id(), email: "grace@example.com", roles: ["roles/project.user"] });
    const { message } = await destroyed();
    expect(message).toContain(
      `refused: ${id()} ("Client B") is not empty: it has 7 sensors, 1 cloud connector, the service account "ERP" (${email}) and the member grace@example.com (roles/project.user)`,
    );
    expect(message).toContain('`deletion: "retain"`');
    expect(world.writes().filter((call) => call.startsWith("DELETE"))).toEqual([]);
    expect(named("Client B")).toHaveLength(1);
  });

  test("is refused for members alone, although the API would delete the project", async () => {
    await stack.up(client());
    world.cloud.members.create({ scope: id(), email: "grace@example.com", roles: ["roles/project.user"] });
    expect((await destroyed()).message).toContain("the member grace@example.com");
    expect(named("Client B")).toHaveLength(1);
  });

  test("passes over our own membership and over administrators of the organization", async () => {
    world.unknowns.orgAdminsInProjectLists = "both";
    await stack.up(client());
    const { email } = world.admin;
    world.cloud.members.create({ scope: id(), email, roles: ["roles/project.admin"] });
    await stack.destroy();
    expect(named("Client B")).toEqual([]);
  });

  test("follows the accounts and members of the same program, even if lists show them for a moment", async () => {
    await stack.up({
      ...client(),
      erp: ["serviceAccount", ({ client }) => ({ project: client!.id, displayName: "ERP" })],
      key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
      role: [
        "projectRoleBinding",
        ({ client, erp }) => ({ project: client!.id, member: erp!.outs.email, role: "project.user" }),
      ],
    });
    await stack.destroy();
    expect(named("Client B")).toEqual([]);
  });

  test("says that the API counts more, if the API refuses it", async () => {
    await stack.up(client());
    world.faults.add({
      method: "DELETE",
      path: `/v2/${id()}`,
      effect: { kind: "respond", status: 400, body: { error: "not empty", code: 400 } },
    });
    expect((await destroyed()).message).toMatch(/400 not empty.*data connectors.*retain/s);
  });

  test("leaves the project with `retain`, and takes no right", async () => {
    await stack.up(client({ deletion: "retain" }));
    world.cloud.projects.update(id(), { sensorCount: 7 });
    const text = await printed(() => stack.destroy());
    expect(text).toContain('in the cloud, because its deletion is "retain"');
    expect(named("Client B")).toHaveLength(1);
  });

  test("succeeds if the project is gone already", async () => {
    await stack.up(client());
    world.cloud.projects.delete(id());
    await stack.destroy();
    expect(stack.made).toEqual({});
  });

  test("is refused for the project that has the account of this run, unless lock-outs are allowed", async () => {
    const home = { adopt: world.projects[0], displayName: "System Service Accounts" };
    await stack.up(client(home));
    expect((await destroyed()).message).toMatch(
      /refused: deleting .* the service account this run logs in as/,
    );
    await stack.up(client({ ...home, allowLockout: true }));
    expect((await destroyed()).message).toMatch(/is not empty: it has the service account "Pulumi"/);
  });

  test("keeps a project that another resource of the program has adopted", async () => {
    await stack.up(client());
    const { client: old } = client();
    await stack.up({ renamed: [old![0], { ...(old![1] as object), adopt: id() }] });
    expect(named("Client B")).toHaveLength(1);
    await stack.destroy();
    expect(named("Client B")).toEqual([]);
  });
});

describe("a project of the same name", () => {
  test("in the stack is not created twice: the error names the alias and adopt", async () => {
    await stack.up(client());
    const { client: renamed } = client();
    const { message } = await failureOf(stack.up({ renamed: renamed! }));
    expect(message).toMatch(/has a project "Client B" already, projects\/\S+, and "client" of this/);
    expect(message).toMatch(/adopt|another display name/);
    expect(named("Client B")).toHaveLength(1);
  });

  test("that somebody made elsewhere is reported, and the new one is created", async () => {
    const { name } = existing();
    const text = await printed(() => stack.up(client()));
    expect(text).toContain(`${name} bears the name "Client B", too`);
    expect(named("Client B")).toHaveLength(2);
  });

  test("is an error with advice, if the API permits only one", async () => {
    world.unknowns.duplicateProjectNames = "409";
    existing();
    expect((await failureOf(stack.up(client()))).message).toMatch(/409.*set adopt/s);
  });
});

describe("adopt", () => {
  test.each(["its name", "its id", "its display name"])(
    "finds a project by %s and updates it",
    async (by) => {
      const { name } = existing({ labels: { old: "1" } });
      const adopt = by === "its name" ? name : by === "its id" ? name.slice("projects/".length) : "Client B";
      const labels = { customer: "b" };
      const text = await printed(() => stack.up(client({ adopt, displayName: "Client 2", labels })));
      expect(id()).toBe(name);
      expect(text).toContain(`will adopt ${name} ("Client B"), and will change displayName`);
      expect(text).toContain('the label customer to "b"');
      expect(text).toContain("the label old to none");
      expect(world.cloud.projects.get(name)).toMatchObject({ displayName: "Client 2", labels });
      expect(await stack.refresh()).toEqual({ client: [] });
    },
  );

  test("refuses a name that nothing has, or that two projects have", async () => {
    expect((await failureOf(stack.up(client({ adopt: "Nobody" })))).message).toContain(
      `${world.organization} has no project "Nobody"`,
    );
    const names = [existing(), existing()].map(({ name }) => name);
    expect((await failureOf(stack.up(client({ adopt: "Client B" })))).message).toContain(
      `several projects "Client B", ${names.join(" and ")}`,
    );
  });
});

test("a caller who does not administer the organization can't create a project, and the error says so", async () => {
  const login = world.identity({ [world.projects[0]]: "project.admin" });
  const { message } = await failureOf(world.stack(world.settingsOf(login)).up(client()));
  expect(message).toMatch(
    /permission project.create.*Only an administrator of organizations\/\S+ can create/s,
  );
  expect(named("Client B")).toEqual([]);
});

describe("a project that answers 404", () => {
  test("is gone if the organization no longer lists it", async () => {
    await stack.up(client());
    await stack.refresh();
    world.cloud.projects.delete(id());
    expect(await stack.refresh()).toEqual({ client: "gone" });
    expect(await stack.up(client())).toEqual({ client: "create" });
  });

  test("is not gone if these credentials can't see it", async () => {
    await stack.up(client());
    await stack.refresh();
    const login = world.identity({ [world.projects[0]]: "project.admin" });
    world.unknowns.forbiddenAs = 404;
    const other = stack.with(world.settingsOf(login));
    expect((await failureOf(other.refresh())).message).toContain("Nothing was taken as deleted");
  });
});

test("two resources that declare one project are refused", async () => {
  await stack.up(client());
  const { client: same } = client();
  const { message } = await failureOf(stack.up({ ...client(), twin: same! }));
  expect(message).toContain('"client" of this program holds it');
  expect(named("Client B")).toHaveLength(1);
});
