import { setTimeout } from "node:timers/promises";
import { createRateLimiter, type RateLimiter } from "../../../../provider/api/http/rateLimiter";
import { connect } from "../../../../provider/api/http/client";
import type { Lane } from "../../../../provider/api/http/fairQueue";
import { readSettings } from "../../../../provider/session/settings";
import { printed, startWorld } from "../../world";

/**
 * Asks for all turns at the same time, and uses each as soon as it gets it. @returns when each got its turn,
 * in order: milliseconds since the first request
 */
async function pass(
  turnstile: RateLimiter,
  lanes: readonly Lane[],
): Promise<{ lane: Lane; after: number }[]> {
  const start = performance.now();
  const passed: { lane: Lane; after: number }[] = [];
  await Promise.all(
    lanes.map(async (lane) => {
      const leave = await turnstile.turn(lane);
      passed.push({ lane, after: performance.now() - start });
      leave();
    }),
  );
  return passed;
}
const many = (count: number, lane: Lane): Lane[] => Array<Lane>(count).fill(lane);

test("a burst passes at once while there is room, and no window holds more than the limit", async () => {
  const turnstile = await createRateLimiter({ requests: 10, perSeconds: 0.3 });
  const passed = (await pass(turnstile, many(25, "read"))).map(({ after }) => after);
  expect(passed[9]).toBeLessThan(150);
  passed.forEach((after, index) => {
    if (index >= 10) expect(after - passed[index - 10]!).toBeGreaterThanOrEqual(300);
  });
  // Three windows are enough, so no time is wasted.
  expect(passed[24]).toBeLessThan(1000);
});

test("a slow caller keeps its place in the window, so that the API sees no window with more than the limit", async () => {
  const turnstile = await createRateLimiter({ requests: 2, perSeconds: 0.3 });
  const [first, second] = await Promise.all([turnstile.turn("read"), turnstile.turn("read")]);
  const third = turnstile.turn("read");
  await expect(Promise.race([third, setTimeout(400, "waits")])).resolves.toBe("waits");
  const wentAt = performance.now();
  first();
  (await third)();
  expect(performance.now() - wentAt).toBeGreaterThanOrEqual(299);
  second();
});

test("a caller that stops waiting costs no other caller a turn", async () => {
  const turnstile = await createRateLimiter({ requests: 5, perSeconds: 0.3 });
  await pass(turnstile, many(5, "write"));
  const gone = many(50, "write").map(async (lane) => {
    const leaving = new AbortController();
    const turn = turnstile.turn(lane, leaving.signal);
    leaving.abort();
    await expect(turn).rejects.toThrow("aborted");
  });
  await Promise.all(gone);
  const passed = await pass(turnstile, many(5, "write"));
  expect(passed[4]?.after).toBeLessThan(600);
});

test("without a limit nobody waits", async () => {
  const passed = await pass(await createRateLimiter(undefined), many(500, "write"));
  expect(passed).toHaveLength(500);
});

test.each(["read", "write"] as const)(
  "one more %s does not starve behind thirty others that came first",
  async (lane) => {
    const turnstile = await createRateLimiter({ requests: 10, perSeconds: 0.2 });
    const others: Lane = lane === "read" ? "write" : "read";
    const passed = await pass(turnstile, [...many(30, others), lane]);
    expect(passed.findIndex((turn) => turn.lane === lane)).toBeLessThan(13);
  },
);

test("reads and writes alternate while both wait, each in the order in which they came", async () => {
  const turnstile = await createRateLimiter({ requests: 4, perSeconds: 0.2 });
  const passed = await pass(turnstile, [...many(8, "write"), ...many(8, "read")]);
  const waited = passed.slice(4).map(({ lane }) => lane);
  expect(waited.slice(0, 8).filter((lane) => lane === "read")).toHaveLength(4);
});

test("a hold on one caller holds all, and the longest hold counts", async () => {
  const turnstile = await createRateLimiter(undefined);
  turnstile.hold(300);
  turnstile.hold(50);
  const [first] = await pass(turnstile, many(3, "read"));
  expect(first?.after).toBeGreaterThanOrEqual(290);
});

test("a long wait prints its progress, and a short one prints nothing", async () => {
  const quiet = await printed(async () =>
    pass(await createRateLimiter({ requests: 5, perSeconds: 0.1 }, 2000), many(15, "read")),
  );
  expect(quiet).toBe("");
  const said = await printed(async () =>
    pass(await createRateLimiter({ requests: 5, perSeconds: 0.2 }, 300), many(30, "write")),
  );
  const lines = said.trim().split("\n");
  expect(lines[0]).toMatch(/^pulumi-dt: waiting for the rate limit: (5|10) of 30 requests sent$/);
  // Five windows of a quarter of a second, with at most one line in 0.3 s.
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.length).toBeLessThan(5);
});

test("a 429 to one call holds all other calls of the process for the given time", async () => {
  const world = await startWorld();
  const api = await connect(readSettings((key) => world.settingsOf()[key as "dt:email"], {}));
  await api.get(world.organization);
  world.faults.add({
    path: "/v2/projects",
    effect: { kind: "respond", status: 429, retryAfter: { seconds: 1 } },
  });
  const refused = api.get("projects");
  while (world.requests.at(-1)?.status !== 429) await new Promise(setImmediate);
  const refusedAt = performance.now();
  // The answer is on its way.
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  await Promise.all([api.get(world.organization), api.get(world.projects[0])]);
  expect(performance.now() - refusedAt).toBeGreaterThan(800);
  await refused;
});
