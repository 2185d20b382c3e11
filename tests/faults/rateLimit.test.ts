import type { Effect } from "../../emulator";
import { startProvider, type ProviderProcess } from "../engine/harness/providerProcess";
import { scratchFolder } from "../engine/harness/scratch";
import { startWorld, type World } from "../provider/world";
import { tally } from "./tally";

const journal = scratchFolder("journal");
const start = (world: World, env: Readonly<Record<string, string>> = {}): Promise<ProviderProcess> =>
  startProvider({ config: world.settingsOf(), env: { DT_JOURNAL: journal, DT_RETRY_DELAY: "0.05", ...env } });

const count = 50;

/** Accounts that were created by hand. Each is renamed by its own request. */
const accountsIn = ({ cloud, projects: [project] }: World) =>
  Array.from({ length: count }, (_, index) => cloud.accounts.create({ project, displayName: `A${index}` }));

/** Renames all of them at the same time, as an engine without its own limit would. */
function renames(provider: ProviderProcess, world: World): Promise<unknown>[] {
  const calls = provider.resource("serviceAccount");
  return accountsIn(world).map(({ name, displayName, ...outputs }) => {
    const inputs = {
      project: world.projects[0],
      enableBasicAuth: false,
      __urn: `urn:pulumi:s::p::t::${name}`,
    };
    return calls.update(
      name,
      { ...inputs, ...outputs, displayName, apiUrl: world.url },
      { ...inputs, displayName: "renamed" },
    );
  });
}
const renamed = ({ cloud, projects: [project] }: World) =>
  cloud.accounts.list(project).filter(({ displayName }) => displayName === "renamed").length;

const storm = (
  world: World,
  retryAfter: Extract<Effect, { kind: "respond" }>["retryAfter"],
  times: number | "untilCleared",
) =>
  world.faults.add({
    path: "/v2/**",
    times,
    effect: {
      kind: "respond",
      status: 429,
      body: { error: "rate limit", code: 429 },
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
  });

/** All requests to the API, with the time of each in milliseconds. */
const sent = (world: World) =>
  world.requests
    .filter(({ path }) => path.startsWith("/v2/"))
    .map(({ time, status }) => ({ at: time.getTime(), status }));

describe("fifty resources at the same time in a storm of 429", () => {
  // A date has whole seconds, so it can ask for up to one second less.
  test.each([
    ["that tells seconds", { seconds: 2, as: "seconds" }, 2000],
    ["that tells a date", { seconds: 3, as: "date" }, 2000],
  ] as const)(
    "%s: no request comes before the given time, and all resources are created in the end",
    async (_what, retryAfter, leastMs) => {
      const world = await startWorld();
      const provider = await start(world, { DT_RATE_LIMIT: "25/1" });
      storm(world, retryAfter, 30);
      await Promise.all(renames(provider, world));

      const requests = sent(world);
      const refusals = requests.filter(({ status }) => status === 429);
      // Requests on their way when the first refusal arrived can't be stopped: at most one burst.
      const onItsWay = 250;
      const early = requests.filter(({ at }) =>
        refusals.some((refusal) => at > refusal.at + onItsWay && at < refusal.at + leastMs),
      );
      tally({ group: "rate limit", passed: early.length === 0 });
      expect(early).toEqual([]);
      expect(world.cloud.accounts.list(world.projects[0])).toHaveLength(51);
      // Thirty refusals, one list for each burst, fifty creations.
      expect(requests.length).toBeLessThanOrEqual(30 + 50 + 50);
    },
  );

  test("without a retry time: the intervals grow, and all resources are created in the end", async () => {
    const world = await startWorld();
    const provider = await start(world, { DT_RATE_LIMIT: "25/1" });
    storm(world, undefined, 60);
    await Promise.all(renames(provider, world));
    const { length } = sent(world);
    tally({ group: "rate limit", passed: length === 60 + count });
    expect(length).toBe(60 + count);
    expect(renamed(world)).toBe(count);
  });

  test("that never ends: each resource reports why it gave up at its deadline, and then the requests stop", async () => {
    const world = await startWorld();
    const provider = await start(world, { DT_RATE_LIMIT: "25/1", DT_DEADLINE: "3" });
    storm(world, { seconds: 1 }, "untilCleared");
    const outcomes = await Promise.allSettled(renames(provider, world));
    for (const outcome of outcomes) {
      expect(outcome.status).toBe("rejected");
      const { message } = (outcome as PromiseRejectedResult).reason as Error;
      expect(message).toMatch(
        /429 rate limit; the rate limit is exhausted for longer than 3 s \(DT_DEADLINE\): lower DT_RATE_LIMIT|not sent within 3 s \(DT_DEADLINE\); the API asks to wait until/,
      );
    }
    const { length } = sent(world);
    tally({ group: "rate limit", passed: length <= 4 * 25 });
    expect(length).toBeLessThanOrEqual(4 * 25);
  });

  test("that asks for more time than is left: no resource waits in vain or asks again", async () => {
    const world = await startWorld();
    const provider = await start(world, { DT_RATE_LIMIT: "5/1", DT_DEADLINE: "20" });
    storm(world, { seconds: 3600 }, "untilCleared");
    const begun = performance.now();
    const outcomes = await Promise.allSettled(renames(provider, world));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(sent(world).length).toBeLessThanOrEqual(5);
    tally({ group: "rate limit", passed: true });
  });
});

test("fifty resources at the same time keep to the limit, without any answer that asks for it", async () => {
  const world = await startWorld({ rateLimit: { requests: 25, perSeconds: 1 } });
  const provider = await start(world, { DT_RATE_LIMIT: "20/1" });
  await Promise.all(renames(provider, world));
  expect(sent(world).filter(({ status }) => status === 429)).toEqual([]);
  tally({ group: "rate limit", passed: true });
});

test("an operation whose API never answers ends in time and names the cause", async () => {
  const world = await startWorld();
  const provider = await start(world, { DT_REQUEST_TIMEOUT: "0.4", DT_DEADLINE: "2" });
  const account = world.cloud.accounts.create({ project: world.projects[0], displayName: "ERP" });
  for (const kind of ["drop", "hang"] as const) {
    world.faults.add({ path: "/v2/**", effect: { kind, when: "beforeCommit" }, times: "untilCleared" });
    const begun = performance.now();
    const [outcome] = await Promise.allSettled([
      provider.resource("serviceAccount").read(account.name, { apiUrl: world.url, ...account }),
    ]);
    expect(performance.now() - begun).toBeLessThan(6000);
    const { message } = (outcome as PromiseRejectedResult).reason as Error;
    expect(message).toMatch(
      /(socket hang up|Timeout awaiting 'request').*; check the network, and dt:apiUrl/,
    );
    world.faults.clear();
  }
  tally({ group: "rate limit", passed: true });
});

test("a new resource that answers 404 for some seconds is waited for, with a limit", async () => {
  const world = await startWorld({
    unknowns: { propagationAccountMs: 2500, propagationKeyMs: 2500, propagationMemberMs: 2500 },
  });
  const provider = await start(world);
  const [home] = world.projects;
  const account = await provider
    .resource("serviceAccount")
    .create({ project: home, displayName: "ERP", enableBasicAuth: false });
  const begun = performance.now();
  const key = await provider
    .resource("serviceAccountKey")
    .create({ serviceAccount: account.id, overlap: "24h", retirement: "automatic" });
  const role = await provider
    .resource("projectRoleBinding")
    .create({ project: home, member: String(account.outs.email), role: "roles/project.user" });
  for (const [type, { id, outs }] of [
    ["serviceAccount", account],
    ["serviceAccountKey", key],
    ["projectRoleBinding", role],
  ] as const)
    expect(await provider.resource(type).read(id, outs)).toMatchObject({ id });
  expect(performance.now() - begun).toBeGreaterThan(1500);

  // A person deletes it during the wait. In the end the provider treats it as deleted.
  const short = await provider
    .resource("serviceAccount")
    .create({ project: home, displayName: "Short", enableBasicAuth: false });
  world.cloud.accounts.delete(short.id);
  expect(await provider.resource("serviceAccount").read(short.id, short.outs)).toMatchObject({ id: "" });
  // At most three polls a second, each with backoff.
  expect(world.calls().filter((call) => call === `GET ${short.id}`).length).toBeLessThan(40);
  tally({ group: "eventual consistency", passed: true });
});
