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

/** What a server between us and the API changes. */
interface Changes {
  /** Those of a batchDelete that the API gets to see. */
  readonly passes?: (name: string) => boolean;
  /** What becomes of the list across projects: undefined is a 403. */
  readonly list?: (members: Member[], call: number) => Member[] | undefined;
  /** Whether the list ends after its first page. */
  readonly isCut?: boolean;
  /** Whom a removal of its own can't remove either. */
  readonly keeps?: (name: string) => boolean;
}

let worlds = 0;

/** So many people in each of so many projects, as bindings that exist for long. */
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

/** In the order in which the engine sends them: in none. Always the same. */
const mixed = <T>(items: readonly T[]): T[] =>
  items
    .map((item, index) => ({ item, at: (index * 7919) % 10_007 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** What a request is answered by way of this server: a status and a body. */
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

/** Removes as the engine does: so many at once, and the next when one is answered. */
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

describe("how many requests a removal takes", () => {
  test.each([
    [8, 60],
    [64, 25],
  ])("400 bindings in 40 projects, %p at once, go in %p at most", async (parallel, most) => {
    const { world, handler, bindings } = await company({ projects: 40, people: 10 });
    expect((await removeAll(handler, bindings, parallel)).reasons).toEqual([]);
    expect(remaining(world)).toEqual([]);
    expect(world.calls().length).toBeLessThanOrEqual(most);
  });

  test("a few in an organization with far more members take no more than three each", async () => {
    const { world, handler, bindings } = await company({ projects: 24, people: 1 });
    for (let index = 0; index < 1500; index++)
      world.cloud.members.create({
        scope: world.projects[index % 24]!,
        email: `other-${index}@example.com`,
        roles: ["roles/project.user"],
      });
    await removeAll(handler, bindings.slice(0, 8), 8);
    // One call for all, and what we may do; pages of the long list, and for each project the list of its own members.
    expect(world.calls().length).toBeLessThanOrEqual(2 + 12 + 8);
  });

  test("credentials that do not administer the organization look at each project twice", async () => {
    const { world, bindings } = await company({ projects: 20, people: 10 });
    const granted = Object.fromEntries(world.projects.map((name) => [name, "project.admin"]));
    const { projectRoleBinding: handler } = world.stack({
      ...world.settingsOf(world.identity(granted)),
      "dt:retryDelay": "0.02",
    }).handlers;
    const own = bindings.map(({ id, outs }) => ({ id, outs: { ...outs, apiUrl: world.url } }));
    expect((await removeAll(handler, own, 8)).reasons).toEqual([]);
    // The batches, two looks at each project, and one at what we may do in the organization.
    expect(world.calls().length).toBeLessThanOrEqual(25 + 2 * 20 + 1 + 5);
  });
});

describe("nobody who is still there is called removed", () => {
  /** Some that go late and not alone, in a few of the projects. */
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
    "where a call for several keeps some in silence, and the list across projects %s",
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

  test("where the list goes on showing who is gone, each project is asked", async () => {
    const old: Member[] = [];
    const list = (all: Member[], call: number) => (call > 2 ? old.splice(0, 100) : (old.push(...all), all));
    const { world, handler, bindings } = await company({ projects: 20, people: 8 }, {}, { list });
    expect((await removeAll(handler, bindings, 8)).reasons).toEqual([]);
    expect(remaining(world)).toEqual([]);
    expect(world.writes().filter((call) => call.startsWith("DELETE"))).toEqual([]);
  });

  test("where somebody stays who can't be removed alone either, an error names the membership", async () => {
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
    // Of those who were answered before it was known, another operation tells.
    expect(reasons.length).toBeGreaterThan(0);
    expect([...outcomes.values()].filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(100);
  });

  test("where a member comes back while others go, the new membership stays", async () => {
    const { world, handler, bindings } = await company({ projects: 20, people: 8 });
    // Neither of the first call, which is proven at once, nor of the last.
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
