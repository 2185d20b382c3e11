import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { EmulatorOptions } from "../../../../emulator";
import { noteFound } from "../../../../provider/api/http/recentlyCreated";
import type { Handler, Properties } from "../../stack";
import { startWorld, type World } from "../../world";
import { serve } from "../wire";

interface Binding {
  readonly id: string;
  readonly outs: Properties;
}
interface Member {
  readonly name: string;
}

/** The changes that a server between us and the API makes. */
interface Changes {
  /** The members of a batchDelete that reach the API. */
  readonly passes?: (name: string) => boolean;
  /** The changed answer of the list across projects. Undefined: a 403. */
  readonly list?: (members: Member[], call: number) => Member[] | undefined;
  /** Whether the list ends after its first page. */
  readonly isCut?: boolean;
  /** The members that cannot be removed by their own call either. */
  readonly keeps?: (name: string) => boolean;
}

let worlds = 0;

/** A number of people in each of a number of projects, as bindings that have existed for a while. */
async function company(
  { projects, people, role = "project.user" }: { projects: number; people: number; role?: string },
  options: EmulatorOptions = {},
  changes: Changes = {},
) {
  const prefix = `r${++worlds}p`;
  const names = Array.from({ length: projects }, (_, index) => `projects/${prefix}${index}`);
  const emails = Array.from({ length: people }, (_, index) => `person-${index}@example.com`);
  const world = await startWorld({
    ...options,
    seed: {
      organizations: [
        {
          displayName: "Company",
          projects: names.map((name) => ({ id: name.split("/")[1]!, displayName: name })),
        },
      ],
      users: emails.map((email) => ({ email })),
    },
  });
  const { url } = await serve((request, response) => {
    void forward(world, changes, request).then(([status, body]) =>
      response.writeHead(status, { "content-type": "application/json" }).end(body),
    );
  });
  const settings = { ...world.settingsOf(), "dt:apiUrl": `${url}/v2`, "dt:retryDelay": "0.02" } as const;
  const handler: Handler = world.stack(settings).handlers.projectRoleBinding;
  const wanted = names.flatMap((project) =>
    emails.map((member) => ({ project, member, role: `roles/${role}` })),
  );
  const bindings: Binding[] = await Promise.all(
    wanted.map((each) =>
      handler.create({ ...each, __urn: `urn:pulumi:test::test::binding::${each.project}-${each.member}` }),
    ),
  );
  for (const { id } of bindings) noteFound(id);
  world.requests.clear();
  return { world, handler, names, bindings: mixed(bindings) };
}

/** A mixed order, as the engine sends them. It is always the same. */
const mixed = <T>(items: readonly T[]): T[] =>
  items
    .map((item, index) => ({ item, at: (index * 7919) % 10_007 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** The answer to a request through this server: a status and a body. */
async function forward(
  world: World,
  { passes = () => true, keeps = () => false, list = (all) => all, isCut }: Changes,
  request: IncomingMessage,
): Promise<readonly [number, string]> {
  const { method = "GET", headers, url = "" } = request;
  if (method === "DELETE" && keeps(url.slice("/v2/".length))) return [403, '{"error":"kept","code":403}'];
  let body = await text(request);
  if (url.endsWith(":batchDelete")) {
    const { names } = JSON.parse(body) as { names: string[] };
    body = JSON.stringify({ names: names.filter(passes) });
  }
  const from = await fetch(new URL(url, world.url), {
    method,
    headers: { authorization: headers.authorization ?? "", "content-type": "application/json" },
    ...(body !== "" && { body }),
  });
  const said = await from.text();
  if (!url.startsWith("/v2/projects/-/members?") || from.status !== 200) return [from.status, said];
  const page = JSON.parse(said) as { members: Member[]; nextPageToken: string };
  const members = list(page.members, ++lists);
  if (members === undefined) return [403, '{"error":"forbidden","code":403}'];
  const nextPageToken = isCut === true ? "" : page.nextPageToken;
  return [200, JSON.stringify({ members, nextPageToken })];
}
let lists = 0;
beforeEach(() => void (lists = 0));

/** Removes like the engine: a fixed number in parallel, and the next when one is answered. */
async function removeAll(handler: Pick<Handler, "delete">, bindings: readonly Binding[], parallel: number) {
  const outcomes = new Map<string, PromiseSettledResult<void>>();
  const queue = [...bindings];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { id, outs } = next;
      const [outcome] = await Promise.allSettled([handler.delete(id, outs)]);
      outcomes.set(id, outcome);
      await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  const reasons = [...outcomes.values()].flatMap((outcome) =>
    outcome.status === "rejected" ? [(outcome.reason as Error).message] : [],
  );
  return { outcomes, reasons };
}

const remaining = ({ cloud }: World): string[] =>
  cloud.members
    .list()
    .map(({ name }) => name)
    .filter((name) => name.startsWith("projects/"));

describe("the number of requests for a removal", () => {
  test.each([
    [8, 60],
    [64, 25],
  ])("of 400 bindings in 40 projects, %p at the same time, is %p at most", async (parallel, most) => {
    const { world, handler, bindings } = await company({ projects: 40, people: 10 });
    expect((await removeAll(handler, bindings, parallel)).reasons).toEqual([]);
    expect(remaining(world)).toEqual([]);
    expect(world.calls().length).toBeLessThanOrEqual(most);
  });

  test("of a few in an organization with far more members is three each at most", async () => {
    const { world, handler, bindings } = await company({ projects: 24, people: 1 });
    for (let index = 0; index < 1500; index++)
      world.cloud.members.create({
        scope: world.projects[index % 24]!,
        email: `other-${index}@example.com`,
        roles: ["roles/project.user"],
      });
    await removeAll(handler, bindings.slice(0, 8), 8);
    // One call for all, and one for our permissions; pages of the long list, and for each project the list of
    // its own members.
    expect(world.calls().length).toBeLessThanOrEqual(2 + 12 + 8);
  });

  test("by credentials that do not administer the organization includes two reads of each project", async () => {
    const { world, bindings } = await company({ projects: 20, people: 10 });
    const granted = Object.fromEntries(world.projects.map((name) => [name, "project.admin"]));
    const { projectRoleBinding: handler } = world.stack({
      ...world.settingsOf(world.identity(granted)),
      "dt:retryDelay": "0.02",
    }).handlers;
    const own = bindings.map(({ id, outs }) => ({ id, outs: { ...outs, apiUrl: world.url } }));
    expect((await removeAll(handler, own, 8)).reasons).toEqual([]);
    // The batches, two reads of each project, and one of our permissions in the organization.
    expect(world.calls().length).toBeLessThanOrEqual(25 + 2 * 20 + 1 + 5);
  });
});

describe("a member that still exists is never reported as removed", () => {
  /** Some that are removed late and with others, in a few of the projects. */
  const isKept = (name: string): boolean => /p\d*[38]\/members\/\d+[37]$/.test(name);
  const inProject = ({ name }: Member): boolean => /p13\//.test(name);

  test.each<[what: string, changes: Changes, options?: EmulatorOptions]>([
    ["shows all", {}],
    ["is refused", { list: () => undefined }],
    ["is refused after a while", { list: (all, call) => (call > 2 ? undefined : all) }],
    ["ends after its first page", { isCut: true }],
    ["leaves a project out", { list: (all) => all.filter((each) => !inProject(each)) }],
    [
      "leaves a project out after a while",
      { list: (all, call) => (call > 2 ? all.filter((each) => !inProject(each)) : all) },
    ],
    ["shows only some members", { list: (all) => all.filter(({ name }) => !name.endsWith("3")) }],
    ["is in another order", {}, { unknowns: { sortOrder: "byName" } }],
    ["has the youngest first", {}, { unknowns: { sortOrder: "createdDesc" } }],
    ["wants a member's id", {}, { unknowns: { wildcardNeeds: "both" } }],
    ["shows administrators, too", {}, { unknowns: { orgAdminsInProjectLists: "both" } }],
  ])(
    "if a call for several keeps some silently, and the list across projects %s",
    async (_what, changes, options = {}) => {
      const { world, handler, bindings } = await company({ projects: 20, people: 8 }, options, {
        ...changes,
        passes: (name) => !isKept(name),
      });
      for (const scope of world.projects)
        world.cloud.members.create({ scope, email: "other@example.com", roles: ["roles/project.user"] });
      expect((await removeAll(handler, bindings, 8)).reasons).toEqual([]);
      expect(remaining(world)).toHaveLength(20);
    },
  );

  test("if the list still shows removed members: each project is read", async () => {
    const old: Member[] = [];
    const list = (all: Member[], call: number) => (call > 2 ? old.splice(0, 100) : (old.push(...all), all));
    const { world, handler, bindings } = await company({ projects: 20, people: 8 }, {}, { list });
    expect((await removeAll(handler, bindings, 8)).reasons).toEqual([]);
    expect(remaining(world)).toEqual([]);
    expect(world.writes().filter((call) => call.startsWith("DELETE"))).toEqual([]);
  });

  test("if a member can't be removed by its own call either: an error names the membership", async () => {
    const { world, handler, bindings } = await company(
      { projects: 20, people: 8 },
      {},
      {
        passes: (name) => !isKept(name),
        keeps: isKept,
      },
    );
    const { outcomes, reasons } = await removeAll(handler, bindings, 8);
    const kept = remaining(world);
    expect(kept.length).toBeGreaterThan(0);
    for (const name of kept) expect(reasons.join("\n")).toContain(name);
    // Some were answered before this was known, so another operation reports them.
    expect(reasons.length).toBeGreaterThan(0);
    expect([...outcomes.values()].filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(100);
  });

  test("if a member returns while others are removed: the new membership stays", async () => {
    const { world, handler, bindings } = await company({ projects: 20, people: 8 });
    // Neither from the first call, which is checked at once, nor from the last.
    const first = bindings[30];
    const answered = new Set<string>();
    const noting: Pick<Handler, "delete"> = {
      delete: (id, outs) => handler.delete(id, outs).finally(() => answered.add(id)),
    };
    const going = removeAll(noting, bindings.slice(0, 80), 8);
    while (!answered.has(first!.id)) await new Promise(setImmediate);
    const { project, member, role, __urn } = first!.outs;
    const { id } = await handler.create({ project, member, role, __urn: `${String(__urn)}-again` });
    expect(id).toBe(first!.id);
    expect((await going).reasons).toEqual([]);
    expect(remaining(world)).toContain(id);
  });
});
