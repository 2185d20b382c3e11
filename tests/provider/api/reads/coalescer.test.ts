import { connect, type Api } from "../../../../provider/api/http/client";
import { engineActivity, noteEngineCall } from "../../../../provider/api/gathering/engineActivity";
import { find } from "../../../../provider/api/reads/find";
import { MemberBody } from "../../../../provider/api/bodies/members";
import { KeyBody, ServiceAccountBody } from "../../../../provider/api/bodies/serviceAccounts";
import { readSettings } from "../../../../provider/session/settings";
import type { EmulatorOptions, Unknowns } from "../../../../emulator";
import { failureOf, startWorld, type Configuration, type World } from "../../world";

// Reads at the same time, as in a refresh. `engine.isAtWork` simulates a running program.
afterEach(() => void (engineActivity.isAtWork = false));

function session(settings: Configuration): Promise<Api> {
  const all: Configuration = { ...settings, "dt:retryDelay": "0.01" };
  return connect(readSettings((key) => all[key], {}));
}

/** A company with this number of projects, and of people in each. */
async function company(
  { projects, people }: { projects: number; people: number },
  options: EmulatorOptions = {},
): Promise<{ world: World; api: Api; names: string[]; inProject: (index: number) => string[] }> {
  const world = await startWorld({
    ...options,
    seed: {
      organizations: [
        {
          displayName: "Company",
          projects: Array.from({ length: projects }, (_, index) => ({
            id: `p${index}`,
            displayName: `P${index}`,
            members: Object.fromEntries(
              Array.from({ length: people }, (_, person) => [`person-${person}@example.com`, "project.user"]),
            ),
          })),
        },
      ],
    },
  });
  const inProject = (index: number) => world.cloud.members.list(`projects/p${index}`).map(({ name }) => name);
  const names = Array.from({ length: projects }, (_, index) => inProject(index)).flat();
  const api = await session(world.settingsOf());
  return { world, api, names, inProject };
}

const member = (api: Api, name: string) => find(api, name, MemberBody);
const members = (api: Api, names: readonly string[]) => Promise.all(names.map((name) => member(api, name)));

/** Reads like the engine: a fixed number in parallel, and the next when one is answered. */
async function refresh(
  api: Api,
  names: readonly string[],
  parallel = 8,
): Promise<(MemberBody | undefined)[]> {
  const results: (MemberBody | undefined)[] = [];
  const queue = [...names.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      results[next[0]] = await member(api, next[1]);
      await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return results;
}

const lists = (world: World) =>
  world.calls().filter((call) => !/\/members\/|^GET projects\/[^/]+$/.test(call));
const namesOf = (bodies: readonly (MemberBody | undefined)[]) => bodies.map((body) => body?.name);

describe("the number of requests", () => {
  test("for a single read is one", async () => {
    const { world, api, names } = await company({ projects: 1, people: 3 });
    await member(api, names[0]!);
    expect(world.calls()).toEqual([`GET ${names[0]}`]);
  });

  test("for reads in one project is that of its pages", async () => {
    const { world, api, names } = await company({ projects: 1, people: 250 });
    expect(namesOf(await members(api, names))).toEqual(names);
    expect(world.calls()).toEqual(Array(3).fill("GET projects/p0/members"));
  });

  test("for reads of a thousand bindings in ten projects is 25 at most, even if the engine sends few in parallel", async () => {
    for (const parallel of [8, 64, 1000]) {
      const { world, api, names } = await company({ projects: 10, people: 100 });
      expect(namesOf(await refresh(api, names, parallel))).toEqual(names);
      expect(world.calls().length).toBeLessThanOrEqual(25);
    }
  });

  test("does not grow when declared resources are checked between the reads, as with --run-program", async () => {
    const { world, api, names } = await company({ projects: 10, people: 100 });
    for (const method of ["configure", "check", "diff", "read"]) noteEngineCall(method);
    expect(namesOf(await refresh(api, names))).toEqual(names);
    expect(world.calls().length).toBeLessThanOrEqual(25);
  });

  test("does not depend on the order of the projects", async () => {
    const { world, api, names } = await company({ projects: 10, people: 100 });
    const mixed = [...names].sort((left, right) => left.split("/")[3]!.localeCompare(right.split("/")[3]!));
    expect(namesOf(await refresh(api, mixed))).toEqual(mixed);
    expect(world.calls().length).toBeLessThanOrEqual(25);
  });

  test("for reads in many projects with few members each is that of the organization's pages", async () => {
    const { world, api, names } = await company({ projects: 100, people: 10 });
    expect(namesOf(await members(api, names))).toEqual(names);
    expect(world.calls().length).toBeLessThanOrEqual(12);
    expect(new Set(lists(world))).toEqual(new Set(["GET projects/-/members"]));
  });

  test("for reads of one member in many projects is one list of that member, and one request for its place", async () => {
    const { world, api, names } = await company({ projects: 60, people: 3 });
    const ofOne = names.filter((_, index) => index % 3 === 1);
    expect(namesOf(await members(api, ofOne))).toEqual(ofOne);
    expect(world.calls()).toEqual(["GET projects/p0", "GET projects/-/members"]);
    expect(world.requests.at(-1)?.query).toMatchObject({ memberId: ofOne[0]!.split("/")[3] });
  });

  test("for a list that is far longer than needed is at most two for each member", async () => {
    const { world, api } = await company({ projects: 1, people: 900 });
    const last = world.cloud.members.list("projects/p0").slice(-3);
    const names = last.map(({ name }) => name);
    expect(namesOf(await members(api, names))).toEqual(names);
    expect(world.calls().length).toBeLessThanOrEqual(6);
  });

  test("is also reduced for accounts of a project, keys of an account and members of an organization", async () => {
    const { world, api } = await company({ projects: 1, people: 1 });
    const { cloud, organization } = world;
    const accounts = Array.from({ length: 20 }, () => cloud.accounts.create({ project: "projects/p0" }));
    const keys = Array.from({ length: 9 }, () => cloud.keys.create({ account: accounts[0]!.name }));
    const admins = Array.from({ length: 20 }, (_, index) =>
      cloud.members.create({
        scope: organization,
        email: `admin-${index}@example.com`,
        roles: ["roles/organization.admin"],
      }),
    );
    const seen = await Promise.all([
      ...accounts.map(({ name }) => find(api, name, ServiceAccountBody)),
      ...keys.map(({ name }) => find(api, name, KeyBody)),
      ...admins.map(({ name }) => member(api, name)),
    ]);
    expect(seen.map((body) => body?.name)).toEqual([...accounts, ...keys, ...admins].map(({ name }) => name));
    expect(world.calls().sort()).toEqual(
      [
        `GET ${organization}/members`,
        `GET ${accounts[0]!.name}/keys`,
        "GET projects/p0/serviceaccounts",
      ].sort(),
    );
  });

  test("for keys is one list for each account, in any order that the engine sends them, even with few in parallel", async () => {
    const { world, api } = await company({ projects: 1, people: 1 });
    const { cloud } = world;
    const accounts = Array.from({ length: 20 }, () => cloud.accounts.create({ project: "projects/p0" }));
    const keys = Array.from(
      { length: 80 },
      (_, index) => cloud.keys.create({ account: accounts[index % 20]!.name }).name,
    );
    const queue = [...keys];
    const work = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift())
        expect((await find(api, name, KeyBody))?.name).toBe(name);
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(world.calls().length).toBe(20);
  });

  test("for a hundred deleted members is one list and, for each, a read and a proof", async () => {
    const { world, api, names } = await company({ projects: 2, people: 100 });
    for (const { name } of world.cloud.members.list("projects/p0")) world.cloud.members.delete(name);
    const seen = await members(api, names);
    expect(seen.filter((body) => body === undefined)).toHaveLength(100);
    // The project is read once for all of them.
    expect(world.calls().filter((call) => call === "GET projects/p0").length).toBeLessThan(10);
  });
});

describe("with any answer to open questions", () => {
  const flips: Partial<Unknowns>[] = [
    ...(["nothing", "memberId", "organization", "both"] as const).map((wildcardNeeds) => ({ wildcardNeeds })),
    { wildcardPermission: "organization.admin" },
    ...(["projects", "wildcard", "both"] as const).map((orgAdminsInProjectLists) => ({
      orgAdminsInProjectLists,
    })),
    { sortOrder: "createdDesc" },
    { sortOrder: "byName" },
    { pageSizeAbove100: "400" },
    { pageTokenOfAnotherList: "ignored" },
    { extraFields: true },
    { memberCreateTime: "null" },
    { memberEnumValues: "new" },
    { queryNames: "camelCase" },
    { bareOrganizationFilter: "400" },
    { errorBody: "empty" },
  ];
  test.each(flips)("reads from lists return the same as single reads: %j", async (unknowns) => {
    const { world, api, names } = await company({ projects: 12, people: 12 }, { unknowns });
    // An organization's administrator who was also a member of a project and is no longer one.
    const both = world.cloud.members.create({
      scope: "projects/p1",
      email: "person-0@example.com.no",
      roles: ["roles/project.user"],
    });
    world.cloud.members.create({
      scope: world.organization,
      email: both.email,
      roles: ["roles/organization.admin"],
    });
    world.cloud.members.delete(both.name);
    const wanted = [...names, both.name, "projects/p3/members/4711"];
    const alone: (MemberBody | undefined)[] = [];
    const other = await session(world.settingsOf());
    for (const name of wanted) alone.push(await member(other, name));
    for (const parallel of [8, 200]) expect(await refresh(api, wanted, parallel)).toEqual(alone);
    const ofOne = names.filter((name) => name.endsWith(names[0]!.slice("projects/p0".length)));
    expect(namesOf(await members(api, ofOne))).toEqual(ofOne);
  });

  test("a refused list across projects is not requested again", async () => {
    const { world, api, names } = await company(
      { projects: 20, people: 5 },
      { unknowns: { wildcardNeeds: "both" } },
    );
    for (let round = 0; round < 3; round++) expect(namesOf(await members(api, names))).toEqual(names);
    const refused = world.requests.filter(
      ({ path, status }) => path.endsWith("/-/members") && status === 400,
    );
    expect(refused).toHaveLength(1);
  });

  test("members of two organizations are found", async () => {
    const { world, api } = await company({ projects: 1, people: 1 });
    const { cloud } = world;
    const { name: other } = cloud.organizations.create({ displayName: "Other" });
    cloud.members.create({ scope: other, email: world.admin.email, roles: ["roles/organization.admin"] });
    const names = Array.from({ length: 16 }, (_, index) => {
      const organization = index % 2 === 0 ? other : world.organization;
      const project = cloud.projects.create({ organization, displayName: `P${index}` }).name;
      return cloud.members.create({ scope: project, email: "a@example.com", roles: ["roles/project.user"] })
        .name;
    });
    expect(namesOf(await members(api, names))).toEqual(names);
  });
});

describe("a resource that a list lacks is not treated as deleted", () => {
  const bad: [string, Parameters<World["faults"]["add"]>[0]["effect"]][] = [
    ["is cut in the middle", { kind: "truncate", bytes: 700 }],
    ["fails", { kind: "respond", status: 400, body: { error: "no" } }],
    ["is forbidden", { kind: "respond", status: 403 }],
    ["is not found", { kind: "respond", status: 404 }],
    ["is empty", { kind: "respond", status: 200, body: { members: [], nextPageToken: "" } }],
    ["is no list", { kind: "respond", status: 200, body: {} }],
    ["ends too early, without a token", { kind: "respond", status: 200, body: { members: [] } }],
    ["is a proxy's page", { kind: "respond", status: 200, body: "<html>" }],
  ];
  test.each(bad)(
    "if the list %s, each resource is requested",
    async (_what, effect) => {
      const { world, api, names } = await company({ projects: 2, people: 10 });
      world.faults.add({ method: "GET", path: "/v2/projects/*/members", effect, times: "untilCleared" });
      expect(namesOf(await members(api, names))).toEqual(names);
    },
    120_000,
  );

  test("a lost permission is an error, and not a deletion", async () => {
    const { world, names } = await company({ projects: 2, people: 10 }, { unknowns: { forbiddenAs: 404 } });
    const api = await session(world.settingsOf(world.identity({})));
    for (const outcome of await Promise.allSettled(names.map((name) => member(api, name)))) {
      expect(outcome).toMatchObject({ status: "rejected" });
    }
    expect((await failureOf(member(api, names[0]!))).message).toContain(
      "can't be seen with these credentials",
    );
  });
});

describe("no read returns a state from before it started", () => {
  /**
   * Reads all of them. When their list has been made but not sent, changes one. @returns the result of a read
   * that starts then
   */
  async function readDuringList(isAtWork: boolean): Promise<readonly string[] | undefined> {
    const { world, api, names } = await company({ projects: 1, people: 10 });
    engineActivity.isAtWork = isAtWork;
    let late: Promise<MemberBody | undefined> | undefined;
    world.onRequest({ path: "/v2/projects/p0/members", when: "afterCommit", times: 1 }, () => {
      world.cloud.members.update(names[3]!, { roles: ["roles/project.admin"] });
      late = member(api, names[3]!);
    });
    const early = await members(api, names);
    expect(early[3]?.roles).toEqual(["roles/project.user"]);
    return (await late)?.roles;
  }

  test("a read that comes while a list is running waits for the next", async () => {
    expect(await readDuringList(true)).toEqual(["roles/project.admin"]);
    expect(await readDuringList(false)).toEqual(["roles/project.admin"]);
  });

  test("one round of reads is never answered from the previous round", async () => {
    const { world, api, names } = await company({ projects: 3, people: 10 });
    await members(api, names);
    world.cloud.members.update(names[3]!, { roles: ["roles/project.admin"] });
    expect((await members(api, names))[3]?.roles).toEqual(["roles/project.admin"]);
    world.cloud.members.delete(names[3]!);
    expect((await members(api, names))[3]).toBeUndefined();
  });

  test("if a program is running, a read that follows another sees the changes between them", async () => {
    const { world, api, names } = await company({ projects: 1, people: 50 });
    engineActivity.isAtWork = true;
    const changed = names.slice(25);
    // Other reads are always running.
    const others = refresh(api, names, 4);
    for (const name of changed) {
      world.cloud.members.update(name, { roles: ["roles/project.developer"] });
      expect((await member(api, name))?.roles).toEqual(["roles/project.developer"]);
    }
    await others;
  });

  test("sessions share nothing: a caller without access never gets another session's list", async () => {
    const { world, api, names } = await company({ projects: 1, people: 10 });
    const stranger = await session(world.settingsOf(world.identity({})));
    const [seen, refused] = await Promise.all([
      members(api, names),
      Promise.allSettled(names.map((name) => member(stranger, name))),
    ]);
    expect(namesOf(seen)).toEqual(names);
    expect(refused.every(({ status }) => status === "rejected")).toBe(true);
  });
});
