import { startEmulator, type Emulator, type Fault } from "../../emulator";
import { projectNamed } from "../engine/access";
import { secret, startPlugin, type PluginProcess } from "../engine/harness/plugin";
import { partialFailureOf } from "../engine/harness/protocol";

jest.setTimeout(240_000);

const sentence = "the run was cancelled: run Pulumi again to go on";

let emulator: Emulator;
let project: string;
let accounts: string[];
beforeEach(async () => {
  emulator = await startEmulator();
  project = projectNamed(emulator, "Production");
  accounts = [1, 2, 3].map(() => emulator.cloud.accounts.create({ project, displayName: "a" }).name);
});
afterEach(() => emulator.close());

const start = (env: Record<string, string> = {}): Promise<PluginProcess> =>
  startPlugin({ env: { ...emulator.settings, DT_RATE_LIMIT: "off", ...env }, config: {} });

/** Resolves when the emulator gets a request. */
const arrived = (path: string, method = "*"): Promise<void> =>
  new Promise((resolve) => emulator.onRequest({ path, method, times: 1 }, () => resolve()));

/** Holds a request until `release` is called. */
function held(path: string, method: string) {
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  const hasArrived = new Promise<void>((resolve) => {
    emulator.onRequest({ path, method, times: 1 }, () => {
      resolve();
      return isReleased;
    });
  });
  return { hasArrived, release };
}

const failureOf = async (work: Promise<unknown>): Promise<Error> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
};

const respond = (status: number, seconds?: number): Fault["effect"] => ({
  kind: "respond",
  status,
  body: { error: "later", code: status },
  ...(seconds === undefined ? {} : { retryAfter: { seconds } }),
});

const waits: [string, Partial<Fault>, Record<string, string>][] = [
  ["for the rate limit", {}, { DT_RATE_LIMIT: "1/600" }],
  ["as long as the API asks", { path: "/v2/**", effect: respond(429, 120) }, {}],
  [
    "to try again after an error of the server",
    { path: "/v2/**", effect: respond(503) },
    { DT_RETRY_DELAY: "100" },
  ],
  ["as long as the token endpoint asks", { path: "/oauth2/token", effect: respond(429, 100) }, {}],
  [
    "to log in again after an error",
    { path: "/oauth2/token", effect: respond(503) },
    { DT_RETRY_DELAY: "100" },
  ],
];

test.each(waits)("calls that wait %s end at once", async (_what, fault, env) => {
  if (fault.effect !== undefined) emulator.faults.add({ times: "untilCleared", ...fault } as Fault);
  const plugin = await start(env);
  const first = arrived(fault.path ?? "/v2/**");
  const reads = accounts.map((name) => failureOf(plugin.resource("ServiceAccount").read(name)));
  // One read gets its answer within the rate limit.
  const all = fault.effect === undefined ? Promise.allSettled(reads) : Promise.all(reads);
  await first;
  await plugin.cancel();
  const begun = Date.now();
  await all;
  expect(Date.now() - begun).toBeLessThan(10_000);
  const message = (await failureOf(plugin.resource("ServiceAccount").read(accounts[0]!))).message;
  expect(message).toMatch(new RegExp(`not sent; ${sentence}$`));
});

test("hundreds of waiting calls end with the sentence, and Node.js warns of nothing", async () => {
  emulator.faults.add({ path: "/v2/**", effect: respond(429, 120), times: "untilCleared" });
  const plugin = await start();
  const first = arrived("/v2/**");
  const reads = Array.from({ length: 200 }, (_, index) =>
    failureOf(plugin.resource("ServiceAccountKey").read(`${accounts[0]!}/keys/k${index}`)),
  );
  await first;
  await plugin.cancel();
  const messages = new Set(
    (await Promise.all(reads)).map(({ message }) => message.replace(/^.*: not sent/, "not sent")),
  );
  expect([...messages]).toEqual([`not sent; ${sentence}`]);
  expect(plugin.stderr).toBe("");
});

test("after that, calls send nothing, not even a login, and what needs no request still works", async () => {
  const plugin = await start();
  await plugin.cancel();
  const account = plugin.resource("ServiceAccount");
  const { inputs, failures } = await account.check({ project, displayName: "a" });
  expect(failures).toEqual([]);
  const state = { ...inputs, email: "a@b.example", createTime: "", updateTime: "", apiUrl: emulator.url };
  const calls = [
    account.create(inputs),
    account.read(accounts[0]!),
    account.read(accounts[0]!, state, { inputs }),
    account.update(accounts[0]!, state, { ...inputs, displayName: "b" }),
    account.delete(accounts[0]!, state),
  ];
  for (const call of calls) expect((await failureOf(call)).message).toContain(sentence);
  expect(await account.diff(accounts[0]!, state, inputs)).toMatchObject({ changes: false });
  expect((await plugin.invoke("whoAmI")).failures).toEqual([expect.stringContaining(sentence)]);
  await plugin.cancel();
  expect(emulator.requests).toEqual([]);
});

test("a creation in flight gets its answer and is recorded", async () => {
  const plugin = await start();
  const account = plugin.resource("ServiceAccount", "erp");
  const { inputs } = await account.check({ project, displayName: "ERP" });
  const post = held("/v2/projects/*/serviceaccounts", "POST");
  const creation = account.create(inputs);
  await post.hasArrived;
  await plugin.cancel();
  post.release();
  const made = await creation;
  expect(emulator.cloud.accounts.list().map(({ name }) => name)).toContain(made.id);
});

test("a creation that needs a further request is recorded as incomplete, and the next run finishes it", async () => {
  const plugin = await start();
  const account = plugin.resource("ServiceAccount", "erp");
  const { inputs } = await account.check({ project, displayName: "ERP" });
  // An API that does not take the setting from the POST makes a PATCH necessary.
  const post = held("/v2/projects/*/serviceaccounts", "POST");
  emulator.onRequest({ path: "/v2/projects/*/serviceaccounts", method: "POST", when: "afterCommit" }, () => {
    const made = emulator.cloud.accounts.list().find(({ displayName }) => displayName === "ERP")!;
    emulator.cloud.accounts.update(made.name, { displayName: "other" });
  });
  const creation = partialFailureOf(account.create(inputs));
  await post.hasArrived;
  await plugin.cancel();
  post.release();
  const { id, properties, reasons } = await creation;
  expect(reasons[0]).toContain(sentence);
  const next = await start();
  const after = await next.resource("ServiceAccount", "erp").update(id, properties, inputs);
  expect(after).toMatchObject({ displayName: "ERP" });
  expect(emulator.cloud.accounts.get(id)).toMatchObject({ displayName: "ERP" });
});

test("a new key that has not logged in yet is recorded with its secret", async () => {
  const plugin = await start({ DT_RETRY_DELAY: "100" });
  const key = plugin.resource("ServiceAccountKey", "erp");
  const declared = { serviceAccount: accounts[0]!, retirement: "afterDelivery" };
  const { inputs } = await key.check(declared);
  await plugin.invoke("whoAmI");
  const refusal = respond(400);
  emulator.faults.add({ path: "/oauth2/token", effect: refusal, times: "untilCleared" });
  const login = arrived("/oauth2/token");
  const creation = partialFailureOf(key.create(inputs));
  await login;
  await plugin.cancel();
  const { id, properties } = await creation;
  expect(properties).toMatchObject({
    secret: secret(expect.any(String)),
    incomplete: expect.any(String) as string,
  });
  expect(emulator.cloud.keys.list(accounts[0]).map(({ name }) => name)).toEqual([id]);
});

test("a creation whose answer is lost is in the journal, and the next run finds the thing", async () => {
  const plugin = await start({ DT_RETRY_DELAY: "0.1" });
  const account = plugin.resource("ServiceAccount", "lost");
  const { inputs } = await account.check({ project, displayName: "Lost" });
  const path = "/v2/projects/*/serviceaccounts";
  emulator.onRequest({ path, method: "POST", when: "afterCommit", times: 1 }, () => plugin.cancel());
  emulator.faults.add({ path, method: "POST", effect: { kind: "drop", when: "afterCommit" } });
  expect((await failureOf(account.create(inputs))).message).toContain(sentence);
  const found = () => emulator.cloud.accounts.list().filter(({ displayName }) => displayName === "Lost");
  expect(found()).toHaveLength(1);
  await plugin.kill();
  const next = await start({ DT_RETRY_DELAY: "0.1" });
  expect((await next.resource("ServiceAccount", "lost").create(inputs)).id).toBe(found()[0]!.name);
  expect(found()).toHaveLength(1);
});

describe("memberships that are written together", () => {
  const people = ["a", "b", "c"].map((name) => `${name}@x.example`);
  const members = () => emulator.cloud.members.list(project).map(({ email }) => email);

  async function bindings(plugin: PluginProcess) {
    return Promise.all(
      people.map(async (member) => {
        const resource = plugin.resource("ProjectRoleBinding", member);
        const { inputs } = await resource.check({ project, member, role: "project.user" });
        return { resource, inputs, member };
      }),
    );
  }

  test("are recorded if they were made, and made by the next run if not", async () => {
    const plugin = await start();
    const declared = await bindings(plugin);
    const post = held("/v2/**", "POST");
    const outcomes = Promise.allSettled(declared.map(({ resource, inputs }) => resource.create(inputs)));
    await post.hasArrived;
    await plugin.cancel();
    post.release();
    const settled = await outcomes;
    const made = settled.filter(({ status }) => status === "fulfilled");
    expect(made.length).toBeGreaterThan(0);
    expect(people.filter((person) => members().includes(person))).toHaveLength(made.length);
    await plugin.kill();
    const next = await start();
    for (const [index, { resource, inputs }] of (await bindings(next)).entries()) {
      if (settled[index]!.status === "rejected") await resource.create(inputs);
    }
    expect(members()).toEqual(expect.arrayContaining(people));
  });

  test("stay in the state unless they are gone, and the next run removes the rest", async () => {
    const plugin = await start();
    const declared = await bindings(plugin);
    const made = await Promise.all(
      declared.map(async ({ resource, inputs, member }) => ({
        member,
        resource,
        ...(await resource.create(inputs)),
      })),
    );
    const removal = held("/v2/projects/**", "POST");
    const single = held("/v2/projects/**", "DELETE");
    const outcomes = Promise.allSettled(made.map(({ resource, id, state }) => resource.delete(id, state)));
    await Promise.race([removal.hasArrived, single.hasArrived]);
    await plugin.cancel();
    removal.release();
    single.release();
    const settled = await outcomes;
    for (const [index, outcome] of settled.entries()) {
      if (outcome.status === "fulfilled") expect(members()).not.toContain(people[index]);
      else expect((outcome.reason as Error).message).toContain(sentence);
    }
    await plugin.kill();
    const next = await start();
    for (const [index, outcome] of settled.entries()) {
      const { id, state, member } = made[index]!;
      if (outcome.status === "rejected") await next.resource("ProjectRoleBinding", member).delete(id, state);
    }
    expect(members()).toEqual(expect.not.arrayContaining(people));
    expect(people.filter((person) => members().includes(person))).toEqual([]);
  });
});
