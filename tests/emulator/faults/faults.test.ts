import type { Emulator, Fault } from "../../../emulator";
import { assertion, type Caller, grant } from "../login";
import { scene, type Scene } from "../scene";

let made: Scene;
let emulator: Emulator;
let admin: Caller;
let accounts: string;
beforeEach(async () => {
  made = await scene();
  ({ emulator, admin } = made);
  accounts = `${made.project}/serviceaccounts`;
});
afterEach(() => emulator.close());

const create = () => admin("POST", accounts, { displayName: "x" });
const existing = (): number => emulator.cloud.accounts.list(made.project).length;
const fault = (effect: Fault["effect"], more: Partial<Fault> = {}): number =>
  emulator.faults.add({ method: "POST", path: "/v2/projects/*/serviceaccounts", effect, ...more });

test("a connection is dropped before the change is made", async () => {
  fault({ kind: "drop", when: "beforeCommit" });
  await expect(create()).rejects.toThrow("fetch failed");
  expect(existing()).toBe(0);
  expect(emulator.requests.at(-1)).toMatchObject({ method: "POST", status: 0, caller: emulator.admin.email });
  expect(await create()).toMatchObject({ status: 200 });
});

test("a connection is dropped after the change is made", async () => {
  fault({ kind: "drop", when: "afterCommit" });
  await expect(create()).rejects.toThrow("fetch failed");
  expect(existing()).toBe(1);
});

test.each([
  ["beforeCommit", 0],
  ["afterCommit", 1],
] as const)("a request hangs %s, and closing ends it", async (when, made) => {
  fault({ kind: "hang", when });
  const reached = new Promise<void>((resolve) => emulator.onRequest({ path: "**", when }, () => resolve()));
  const hung = expect(create()).rejects.toThrow("fetch failed");
  await reached;
  await emulator.close();
  await hung;
  expect(existing()).toBe(made);
});

test("a fault replaces the answer, with a Retry-After in seconds or as a date", async () => {
  const { clock } = emulator;
  clock.freeze(new Date("2026-01-01T00:00:00Z"));
  fault({ kind: "respond", status: 429, body: { error: "slow down" }, retryAfter: { seconds: 4 } });
  fault({ kind: "respond", status: 503, retryAfter: { seconds: 60, as: "date" } });
  const first = await create();
  expect([first.status, first.body, first.headers.get("retry-after")]).toEqual([
    429,
    { error: "slow down" },
    "4",
  ]);
});

test("of two faults that match a request the first applies, and both count as used", async () => {
  emulator.clock.freeze(new Date("2026-01-01T00:00:00Z"));
  fault({ kind: "respond", status: 503, retryAfter: { seconds: 60, as: "date" } });
  fault({ kind: "respond", status: 500 });
  const { status, headers } = await create();
  expect([status, headers.get("retry-after")]).toEqual([503, "Thu, 01 Jan 2026 00:01:00 GMT"]);
  expect(headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
  expect(emulator.faults.list()).toEqual([]);
});

test.each([
  ["HTML", { status: 502, body: "<html>bad gateway</html>" }, "<html>bad gateway</html>"],
  ["no body", { status: 500, body: "" }, ""],
  ["an empty success", { status: 200 }, ""],
  [
    "broken JSON",
    { status: 200, body: '{"name":', headers: { "Content-Type": "application/json" } },
    '{"name":',
  ],
  ["204", { status: 204 }, ""],
])("an answer can be %s", async (_what, effect, text) => {
  emulator.faults.add({ path: "/v2/roles", effect: { kind: "respond", ...effect } });
  const response = await fetch(`${emulator.url}/roles`);
  expect([response.status, await response.text()]).toEqual([effect.status, text]);
});

test("a gateway can time out after the change was made", async () => {
  fault({ kind: "respond", status: 504, when: "afterCommit" });
  expect((await create()).status).toBe(504);
  expect(existing()).toBe(1);
});

test("a body can be truncated", async () => {
  fault({ kind: "truncate", bytes: 10 });
  await expect(create()).rejects.toThrow("terminated");
  expect(existing()).toBe(1);
});

test("latency delays an answer, also together with another fault", async () => {
  fault({ kind: "latency", ms: 60 });
  fault({ kind: "respond", status: 500 });
  const start = performance.now();
  expect((await create()).status).toBe(500);
  expect(performance.now() - start).toBeGreaterThanOrEqual(59);
});

test("a fault applies after `skip` requests, to `times` requests or until it is cleared", async () => {
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index++) seen.push((await create()).status);
    return seen;
  };
  fault({ kind: "respond", status: 500 }, { skip: 1, times: 2 });
  expect(await statuses(4)).toEqual([200, 500, 500, 200]);
  const id = fault({ kind: "respond", status: 503 }, { times: "untilCleared" });
  expect(await statuses(3)).toEqual([503, 503, 503]);
  expect(emulator.faults.list()).toMatchObject([{ id, struck: 3 }]);
  emulator.faults.clear(id);
  expect(await statuses(1)).toEqual([200]);
});

test("a fault can be limited to a method, a path and a caller", async () => {
  const { call } = await made.newAccount("project.admin");
  fault(
    { kind: "respond", status: 500 },
    { caller: emulator.admin.email.toUpperCase(), times: "untilCleared" },
  );
  expect((await call("POST", accounts)).status).toBe(200);
  expect((await admin("GET", accounts)).status).toBe(200);
  expect((await admin("POST", `${made.project}/members`)).status).toBe(400);
  expect((await create()).status).toBe(500);
});

test("a star matches text without a slash, two match any text, and no pattern is slow", async () => {
  const strikes = async (path: string, asked: string): Promise<boolean> => {
    emulator.faults.add({ path, effect: { kind: "respond", status: 418 } });
    const { status } = await fetch(`${emulator.url}/${asked}`);
    emulator.faults.clear();
    return status === 418;
  };
  expect(await strikes("/v2/projects/*", "projects/p")).toBe(true);
  expect(await strikes("/v2/projects/*", "projects/p/members")).toBe(false);
  expect(await strikes("/v2/projects/*/members", "projects//members")).toBe(true);
  expect(await strikes("/v2/**", "projects/p/members")).toBe(true);
  expect(await strikes("**members", "projects/p/members")).toBe(true);
  expect(await strikes("/v2/projects/*s", "projects/ssss")).toBe(true);
  expect(await strikes("/v2/roles", "roles/")).toBe(false);
  expect(await strikes("/v2/(.)[a-z]?", "roles")).toBe(false);
  const start = performance.now();
  expect(await strikes(`/v2/${"*a".repeat(40)}*b`, "a".repeat(10_000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(5000);
});

test("faults also apply to the token endpoint, by the account that logs in", async () => {
  emulator.faults.add({
    path: "/oauth2/token",
    caller: emulator.admin.email,
    effect: { kind: "respond", status: 503 },
  });
  const login = async (): Promise<number> => {
    const response = await fetch(emulator.tokenEndpoint, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: await assertion(emulator, emulator.admin),
      }),
    });
    return response.status;
  };
  expect(await login()).toBe(503);
  expect(await login()).toBe(200);
  expect((await grant(emulator, "x")).status).toBe(400);
});

test("a hook runs between the change and its answer, and the answer waits for it", async () => {
  const seen: string[] = [];
  const remove = emulator.onRequest(
    { method: "POST", path: "/v2/projects/*/serviceaccounts/*/keys", when: "afterCommit" },
    async ({ path }) => {
      // Somebody else creates a key at the same moment.
      await Promise.resolve();
      emulator.cloud.keys.create({ account: path.slice("/v2/".length, -"/keys".length) });
      seen.push("hook");
    },
  );
  const { name } = emulator.cloud.accounts.create({ project: made.project });
  await admin("POST", `${name}/keys`);
  seen.push("answer");
  expect(seen).toEqual(["hook", "answer"]);
  expect(emulator.cloud.keys.list(name)).toHaveLength(2);
  remove();
  await admin("POST", `${name}/keys`);
  expect(emulator.cloud.keys.list(name)).toHaveLength(3);
});

test("a caller above the rate limit gets a 429 that says how long to wait", async () => {
  const limited = await scene({ rateLimit: { requests: 25, perSeconds: 25_000 } });
  const replies = await Promise.all(Array.from({ length: 30 }, () => limited.admin("GET", "projects")));
  const refused = replies.filter(({ status }) => status === 429);
  await limited.emulator.close();
  expect(refused).toHaveLength(5);
  expect(refused[0]).toMatchObject({ body: { code: 429 } });
  const waitSeconds = Number(refused[0]?.headers.get("retry-after"));
  expect(waitSeconds).toBeGreaterThan(900);
  expect(waitSeconds).toBeLessThanOrEqual(1000);
});

test("the option latencyMs delays all answers", async () => {
  const slow = await scene({ latencyMs: 50 });
  const start = performance.now();
  await slow.admin("GET", "projects");
  const took = performance.now() - start;
  await slow.emulator.close();
  expect(took).toBeGreaterThanOrEqual(49);
});
