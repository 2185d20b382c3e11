import type { EmulatorOptions } from "../../../emulator";
import { lookUp, type Lookups } from "../../../provider/lookups/lookUp";
import { failureOf, startWorld, type Configuration, type World } from "../world";

const asks =
  (settings: Configuration) =>
  <Name extends keyof Lookups>(name: Name, args: Lookups[Name]["args"]) =>
    lookUp(name, args, (key) => (settings as Record<string, string>)[key]);

async function scene(options: EmulatorOptions = {}) {
  const world = await startWorld(options);
  return { ...world, ask: asks(world.settingsOf()) };
}

/** Two companies. The admin account is an administrator of the first. */
const twoCompanies: EmulatorOptions = {
  seed: {
    organizations: [
      { id: "a", displayName: "Company A", projects: [{ id: "home", displayName: "Home" }] },
      { id: "b", displayName: "Company B", projects: [{ id: "theirs", displayName: "Theirs" }] },
    ],
  },
};

describe("getProjects", () => {
  test("reads every page, and sees only accessible projects", async () => {
    const { ask, cloud, organization } = await scene(twoCompanies);
    for (let number = 0; number < 250; number++)
      cloud.projects.create({ organization, displayName: `Project ${number}` });
    const projects = await ask("getProjects", {});
    expect(projects).toHaveLength(251);
    expect(projects.every((project) => project.organization === organization)).toBe(true);
  });

  test("filters by organization, exact name, labels and keyword, all at the same time", async () => {
    const { ask, cloud, organization } = await scene();
    const make = (displayName: string, labels: Record<string, string>) =>
      cloud.projects.create({ organization, displayName, labels }).name;
    const oslo = make("Oslo", { client: "b", floor: "1" });
    const bergen = make("Bergen", { client: "b" });
    make("Oslo", { client: "c" });
    const namesFor = async (filter: Lookups["getProjects"]["args"]) =>
      (await ask("getProjects", filter)).map(({ name }) => name);

    expect(await namesFor({ labels: { client: "b" } })).toEqual([oslo, bergen]);
    expect(await namesFor({ labels: { client: "b", floor: "1" } })).toEqual([oslo]);
    expect(await namesFor({ displayName: "Oslo", labels: { client: "b" } })).toEqual([oslo]);
    expect(await namesFor({ displayName: ["Bergen", "Oslo"] })).toHaveLength(3);
    expect(await namesFor({ query: "berg" })).toEqual([bergen]);
    expect(await namesFor({ labels: { client: "nobody" } })).toEqual([]);
    const bare = organization.replace("organizations/", "");
    expect(await namesFor({ organization: bare, labels: { client: "b" } })).toEqual([oslo, bergen]);
  });

  test("fails if no project has the given name, so that a renamed project does not look like revoked access", async () => {
    const { ask, admin, organization } = await scene();
    const failure = await failureOf(
      ask("getProjects", { displayName: ["Production", "Productoin"], organization }),
    );
    expect(failure.message).toBe(
      `getProjects: no project is called "Productoin", as ${admin.email} sees ${organization}`,
    );
  });
});

describe("getProject", () => {
  test("finds a project by its name, its display name and its labels", async () => {
    const { ask, cloud, organization } = await scene();
    const labels = { customer: "b" };
    const { name } = cloud.projects.create({ organization, displayName: "Client B", labels });
    const found = {
      ...{ name, displayName: "Client B", organization, organizationDisplayName: "Example Company" },
      ...{ inventory: false, labels },
    };
    expect(await ask("getProject", { name })).toEqual(found);
    expect(await ask("getProject", { name: name.replace("projects/", "") })).toEqual(found);
    expect(await ask("getProject", { displayName: "Client B" })).toEqual(found);
    expect(await ask("getProject", { organization, labels })).toEqual(found);
  });

  test("fails if there is none, or if there are two", async () => {
    const { ask, cloud, admin, organization } = await scene();
    const messageFor = async (query: Lookups["getProject"]["args"]) =>
      (await failureOf(ask("getProject", query))).message;
    const labels = { customer: "b" };
    expect(await messageFor({ labels })).toBe(
      `getProject: no project has the labels {"customer":"b"}, as ${admin.email} sees it`,
    );
    expect(await messageFor({ displayName: "Client B" })).toContain('no project is called "Client B"');
    expect(await messageFor({ organization, labels: {} })).toBe(
      "getProject: pass name, or displayName or labels",
    );
    const [one, two] = ["One", "Two"].map(
      (displayName) => cloud.projects.create({ organization, displayName, labels }).name,
    );
    expect(await messageFor({ labels })).toBe(
      `getProject: several projects match, ${one} (One) and ${two} (Two): give name instead`,
    );
  });
});

describe("getServiceAccount", () => {
  test("finds an account by its name, its email and its display name", async () => {
    const { ask, cloud, projects } = await scene();
    const account = cloud.accounts.create({ project: projects[1], displayName: "ERP" });
    const { name, email, createTime } = account;
    const found = { name, email, displayName: "ERP", enableBasicAuth: false, createTime };
    expect(await ask("getServiceAccount", { name })).toEqual(found);
    expect(await ask("getServiceAccount", { email: email.toUpperCase() })).toEqual(found);
    expect(await ask("getServiceAccount", { project: projects[1], displayName: "ERP" })).toEqual(found);
  });

  test("fails if there is none, or if there are two", async () => {
    const { ask, cloud, admin, projects } = await scene();
    const [project] = projects;
    const messageFor = async (query: Lookups["getServiceAccount"]["args"]) =>
      (await failureOf(ask("getServiceAccount", query))).message;
    expect(await messageFor({ project, displayName: "ERP" })).toBe(
      `getServiceAccount: ${project} has no service account "ERP", as ${admin.email} sees it`,
    );
    const twins = [1, 2].map(() => cloud.accounts.create({ project, displayName: "ERP" }).name);
    expect(await messageFor({ project, displayName: "ERP" })).toBe(
      `getServiceAccount: "ERP" is the name of ${twins.join(" and ")}: give name or email instead`,
    );
    expect(await messageFor({ name: `${project}/serviceaccounts/none` })).toBe(
      `getServiceAccount: ${project}/serviceaccounts/none does not exist, as ${admin.email} sees it`,
    );
    expect(await messageFor({ email: "jane@example.com" })).toBe(
      'getServiceAccount: email must be a service account\'s, not "jane@example.com"',
    );
    expect(await messageFor({ displayName: "ERP" })).toBe(
      "getServiceAccount: pass name, or email, or project and displayName",
    );
    expect(await messageFor({ name: "projects/-/serviceaccounts/x" })).toContain(
      "getServiceAccount: name must be a service account's id",
    );
  });
});

describe("getMembers", () => {
  test("lists a project's members, an organization's, and those of all its projects", async () => {
    const { ask, cloud, admin, organization, projects } = await scene();
    const [home, other] = projects;
    cloud.members.create({ scope: home, email: "Jane@example.com", roles: ["roles/project.user"] });
    cloud.members.create({ scope: other, email: "jane@example.com", roles: ["roles/project.admin"] });
    const rolesOf = async (filter: Lookups["getMembers"]["args"]) =>
      (await ask("getMembers", filter)).map(({ scope, email, roles }) => `${scope} ${email} ${roles.join()}`);

    expect(await rolesOf({ project: home })).toEqual([`${home} jane@example.com roles/project.user`]);
    expect((await rolesOf({ organization })).sort()).toEqual(
      [
        `${organization} ada@example.com roles/organization.admin`,
        `${organization} ${admin.email} roles/organization.admin`,
      ].sort(),
    );
    expect(await rolesOf({ organization, inProjects: true })).toEqual([
      `${home} jane@example.com roles/project.user`,
      `${other} jane@example.com roles/project.admin`,
    ]);
    expect(await rolesOf({ organization, inProjects: true, email: "nobody@example.com" })).toEqual([]);
    expect(await rolesOf({ organization, email: "ADA@example.com" })).toHaveLength(1);
  });

  test.each([
    { wildcardNeeds: "both" },
    { wildcardNeeds: "memberId" },
    { wildcardPermission: "organization.admin" },
    { orgAdminsInProjectLists: "both" },
    { orgAdminsInProjectLists: "projects", wildcardNeeds: "memberId" },
  ] as const)(
    "shows an account's roles in all projects, however the API handles such a list: %j",
    async (unknowns) => {
      const { ask, cloud, organization, projects } = await scene({ unknowns });
      const account = cloud.accounts.create({ project: projects[0], displayName: "Company A" });
      for (const scope of projects.slice(1))
        cloud.members.create({ scope, email: account.email, roles: ["roles/project.user"] });
      const members = await ask("getMembers", { organization, inProjects: true, email: account.email });
      expect(members.map(({ scope }) => scope)).toEqual(projects.slice(1));
      const everybody = await ask("getMembers", { organization, inProjects: true });
      expect(everybody.map(({ scope }) => scope)).toEqual(projects.slice(1));
    },
  );

  test("requires a place", async () => {
    const { ask, organization, projects } = await scene();
    const messageFor = async (filter: Lookups["getMembers"]["args"]) =>
      (await failureOf(ask("getMembers", filter))).message;
    expect(await messageFor({})).toBe("getMembers: pass either project or organization");
    expect(await messageFor({ organization, project: projects[0] })).toBe(
      "getMembers: pass either project or organization",
    );
    expect(await messageFor({ project: projects[0], inProjects: true })).toBe(
      "getMembers: inProjects needs organization",
    );
    expect(await messageFor({ project: "a b" })).toBe(
      'getMembers: project must be an id or "projects/ID", not "a b". That looks like a display name: `pulumi-dt whoami` shows the id of each',
    );
    expect(await messageFor({ organization, email: "jane" })).toBe(
      'getMembers: email must be an email address, not "jane"',
    );
  });
});

test("whoAmI returns the identity of a program, and getOrganizations and getRoles return everything available", async () => {
  const { ask, admin, organization, projects, url } = await scene();
  const organizations = [{ name: organization, displayName: "Example Company" }];
  expect(await ask("whoAmI", {})).toEqual({
    email: admin.email,
    serviceAccount: admin.name,
    keyId: admin.keyId,
    auth: "oauth2",
    apiUrl: url,
    organizations,
  });
  expect(admin.name).toContain(projects[0]);
  expect(await ask("getOrganizations", {})).toEqual(organizations);
  const roles = await ask("getRoles", {});
  expect(roles.find(({ name }) => name === "roles/project.user")?.permissions).toContain("project.read");
});

test("an account with little access gets short lists, without an error", async () => {
  const world: World = await startWorld();
  const ask = asks(world.settingsOf(world.identity({ [world.projects[1]]: "project.user" })));
  expect((await ask("getProjects", {})).map(({ name }) => name)).toEqual([world.projects[1]]);
  expect((await ask("whoAmI", {})).organizations).toEqual([]);
  expect((await failureOf(ask("getMembers", { project: world.projects[2]! }))).message).toContain(
    `getMembers: GET ${world.projects[2]!}/members: 403`,
  );
});

test("an error in the settings names the setting to change, and never a secret", async () => {
  const world = await startWorld();
  const settings = world.settingsOf();
  const messageFor = async (changed: Configuration) =>
    (await failureOf(asks({ ...settings, ...changed })("getRoles", {}))).message;
  expect(await messageFor({ "dt:keyId": "" })).toContain("getRoles: dt:keyId is not set");
  const wrong = "0123456789abcdef-never-shown";
  const refused = await messageFor({ "dt:keySecret": wrong });
  expect(refused).toContain("check that dt:keyId, dt:keySecret and dt:email belong to one key");
  expect(refused).not.toContain(wrong);
  for (const secret of await world.secrets()) expect(refused).not.toContain(secret);
});
