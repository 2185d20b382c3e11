import type { Effect } from "../../emulator";
import type { Program, Stack } from "../provider/stack";
import { failureOf, startWorld, type World } from "../provider/world";
import { tally } from "./tally";

let world: World;
let home: string;
/** A stack with one resource of each type, after an `up`. */
let full: Stack;
const names = ["account", "key", "role", "admin"] as const;
type Name = (typeof names)[number];

const program = ({ organization, projects: [, home] } = world): Program => ({
  account: ["serviceAccount", { project: home, displayName: "ERP" }],
  key: ["serviceAccountKey", ({ account }) => ({ serviceAccount: account!.id })],
  role: ["projectRoleBinding", { project: home, member: "grace@example.com", role: "project.user" }],
  admin: ["orgAdminBinding", { organization, member: "grace@example.com" }],
});
const hasty = () => ({
  ...world.settingsOf(),
  ...{ "dt:retryDelay": "0.001", "dt:requestTimeout": "0.2", "dt:deadline": "3" },
});

beforeAll(async () => {
  world = await startWorld();
  home = world.projects[1];
  full = world.stack();
  await full.up(program());
});
afterEach(() => world.faults.clear());

/** A stack that holds only this resource. Runs with another login if given. */
function stackOf(name: Name, login = hasty()): Stack {
  const stack = world.stack(login);
  stack.made = { [name]: full.made[name]! };
  return stack;
}
const listOf = (id: string): string => id.slice(0, id.lastIndexOf("/"));
const fault = (path: string, effect: Effect) =>
  world.faults.add({ path: `/v2/${path}`, effect, times: "untilCleared" });

const respond = (status: number, body?: unknown, headers?: Record<string, string>): Effect => ({
  kind: "respond",
  status,
  ...(body === undefined ? {} : { body }),
  ...(headers === undefined ? {} : { headers }),
});
const apiError = (status: number): Effect => respond(status, { error: "no", code: status, help: "" });
const page = "<html><body>Sign in to the guest network</body></html>";
const emptyPages: Effect = respond(200, { members: [], serviceAccounts: [], keys: [], nextPageToken: "" });

/** The possible answers instead of an existing resource. */
const answers: readonly (readonly [what: string, effect: Effect])[] = [
  ...[400, 401, 403, 405, 409, 410, 500, 501, 502, 503, 504].map(
    (status) => [`${status}`, apiError(status)] as const,
  ),
  ["a 404 with a page", respond(404, page)],
  ["a 502 with a page", respond(502, page)],
  ["a 403 without a body", respond(403, "")],
  ["a page", respond(200, page)],
  ["an empty object", respond(200, {})],
  ["null", respond(200, "null")],
  ["an empty body", respond(200)],
  ["204", respond(204)],
  ["an error with status 200", respond(200, { error: "not found", code: 404 })],
  ["other types", respond(200, { name: 7, roles: "none", email: [], id: {} })],
  ["a redirect", respond(302, undefined, { Location: "https://login.example.com/" })],
  ["a connection that is cut", { kind: "drop", when: "beforeCommit" }],
  ["no answer", { kind: "hang", when: "beforeCommit" }],
  ["half an answer", { kind: "truncate", bytes: 10 }],
];

/** Expects that a refresh keeps the resource, and that neither a deletion nor the next `up` treats it as deleted. */
async function expectNotGone(stack: Stack, name: Name, isError: boolean | undefined = true): Promise<string> {
  let passed = false;
  try {
    world.requests.clear();
    const outcome = await stack.refresh().catch((error: unknown) => error as Error);
    if (outcome instanceof Error) expect([true, undefined]).toContain(isError);
    else if (!isError) expect(outcome).toEqual({ [name]: [] });
    else throw new Error(`no error, but ${JSON.stringify(outcome)}`);
    expect(Object.keys(stack.made)).toEqual([name]);
    expect(world.writes()).toEqual([]);
    passed = true;
    return outcome instanceof Error ? outcome.message : "";
  } finally {
    tally({ group: "absence", passed });
  }
}

describe.each(names)("%s is not treated as deleted", (name) => {
  test.each(answers)("if the answer is %s", async (_what, effect) => {
    const { id } = full.made[name]!;
    fault(id, effect);
    await expectNotGone(stackOf(name), name);
    // For a deletion, a 2xx answer that does not come from a proxy is success, whatever its body.
    if (
      effect.kind === "truncate" ||
      (effect.kind === "respond" && effect.status < 300 && effect.body !== page)
    )
      return;
    const stack = stackOf(name);
    expect((await failureOf(stack.destroy())).message).not.toBe("");
    expect(Object.keys(stack.made)).toEqual([name]);
  });

  test.each([...answers, ["the list that holds it", undefined], ["404", apiError(404)]] as const)(
    "if it answers 404, and its list %s",
    async (_what, effect) => {
      const { id } = full.made[name]!;
      fault(id, apiError(404));
      if (effect !== undefined) fault(listOf(id), effect);
      await expectNotGone(stackOf(name), name, effect === undefined ? undefined : true);
      expect((await failureOf(stackOf(name).destroy())).message).not.toBe("");
    },
  );

  test("if a whole refresh gets empty lists", async () => {
    for (const each of names) fault(listOf(full.made[each]!.id), emptyPages);
    fault("projects/-/members", emptyPages);
    const stack = world.stack(hasty());
    stack.made = { ...full.made };
    expect(await stack.refresh()).toEqual({ account: [], key: [], role: [], admin: [] });
  });

  test.each([403, 404] as const)("if its credentials have lost all access, shown by %p", async (status) => {
    world.unknowns.forbiddenAs = status;
    const stranger = world.identity();
    const message = await expectNotGone(stackOf(name, { ...hasty(), ...loginOf(stranger) }), name);
    // The message names the account that lacks access: it may not be the one that created the resource.
    expect(message).toContain(stranger.email);
    world.unknowns.forbiddenAs = 403;
  });
});

const loginOf = ({ keyId, secret, email }: { keyId: string; secret: string; email: string }) => ({
  ...{ "dt:keyId": keyId, "dt:keySecret": secret, "dt:email": email },
});

test.each(names)("%s is not treated as deleted if the API is too busy to answer", async (name) => {
  // Its own cloud, because later requests would wait for it.
  const other = await startWorld();
  const made = other.stack();
  const busy = { ...other.settingsOf(), "dt:deadline": "0.5" };
  await made.up(program(other));
  for (const path of ["/v2/**", "/v2/projects/-/members"])
    other.faults.add({ path, effect: apiError(429), times: "untilCleared" });
  const stack = other.stack(busy);
  stack.made = { [name]: made.made[name]! };
  for (const work of [() => stack.refresh(), () => stack.destroy()])
    expect((await failureOf(work())).message).toMatch(/429|the API asks to wait/);
  expect(Object.keys(stack.made)).toEqual([name]);
  expect(other.cloud.accounts.list(other.projects[1])).toHaveLength(1);
});

test("credentials that see the organization but not its members do not treat an administrator as deleted", async () => {
  Object.assign(world.unknowns, { forbiddenAs: 404, organizationsOfProjectMembers: true });
  const user = world.identity({ [home]: "project.user" });
  await expectNotGone(stackOf("admin", { ...hasty(), ...loginOf(user) }), "admin");
  Object.assign(world.unknowns, { forbiddenAs: 403, organizationsOfProjectMembers: false });
});

test("only an administrator of the organization treats its deleted project as deleted", async () => {
  const project = world.cloud.projects.create({
    organization: world.organization,
    displayName: "Doomed",
  }).name;
  const stack = world.stack(hasty());
  await stack.up({
    role: ["projectRoleBinding", { project, member: "grace@example.com", role: "project.user" }],
  });
  world.cloud.projects.delete(project);
  for (const roles of [{}, { [home]: "project.admin" }]) {
    const other = world.stack({ ...hasty(), ...loginOf(world.identity(roles)) });
    other.made = { ...stack.made };
    await expectNotGone(other, "role");
  }
  expect(await stack.refresh()).toEqual({ role: "gone" });
});

test("a key that moves to other credentials with the same access does not change", async () => {
  const user = world.identity({ [home]: "project.user" });
  for (const name of ["account", "key", "role"] as const)
    await expectNotGone(stackOf(name, { ...hasty(), ...loginOf(user) }), name, false);
});

test("another API is an error that names both APIs, in every call", async () => {
  const elsewhere = await startWorld();
  for (const name of names) {
    const login = {
      ...hasty(),
      "dt:apiUrl": elsewhere.url,
      "dt:tokenEndpoint": elsewhere.tokenEndpoint,
      ...loginOf(elsewhere.admin),
    };
    const message = await expectNotGone(stackOf(name, login), name);
    const named = `this resource belongs to ${world.url}, but the settings name ${elsewhere.url}`;
    expect(message).toContain(named);
    const stack = stackOf(name, login);
    expect((await failureOf(stack.destroy())).message).toContain(named);
    expect(
      (await failureOf(stack.up({ [name]: [full.made[name]!.type, full.made[name]!.inputs] }))).message,
    ).toContain(named);
  }
  expect(elsewhere.writes()).toEqual([]);
});

describe.each([403, 404] as const)("if strangers get %p", (status) => {
  beforeAll(() => void (world.unknowns.forbiddenAs = status));

  test("a resource that is really deleted counts as deleted, and deleting it again succeeds", async () => {
    for (const name of ["key", "account", "role", "admin"] as const) {
      const stack = world.stack(hasty());
      const own = program();
      await stack.up(name === "role" || name === "admin" ? {} : { account: own.account!, key: own.key! });
      const made = name === "role" || name === "admin" ? full.made[name]! : stack.made[name]!;
      const { accounts, keys, members } = world.cloud;
      for (const shelf of [accounts, keys, members]) shelf.delete(made.id);
      stack.made = { [name]: made };
      expect(await stack.refresh()).toEqual({ [name]: "gone" });
      stack.made = { [name]: made };
      await stack.destroy();
      expect(stack.made).toEqual({});
      // For the next case.
      if (name === "role" || name === "admin") {
        full.made = Object.fromEntries(Object.entries(full.made).filter(([other]) => other !== name));
        await full.up(program());
      }
    }
  });

  test("the key of a deleted account counts as deleted with it", async () => {
    const stack = world.stack(hasty());
    const { account, key } = program();
    await stack.up({ account: account!, key: key! });
    world.cloud.accounts.delete(stack.made.account!.id);
    expect(await stack.refresh()).toEqual({ account: "gone", key: "gone" });
  });
});
