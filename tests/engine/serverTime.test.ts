import fc from "fast-check";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator, type Emulator } from "../../emulator";
import { milliseconds } from "../../provider/contract/duration";
import * as dt from "../../sdk";
import * as engine from "./harness/engine";
import { localClockOff } from "./harness/localClock";
import { startProvider, type Properties, type ProviderProcess } from "./harness/providerProcess";
import { afterwards, scratchFolder } from "./harness/scratch";

jest.setTimeout(300_000);

const minute = 60_000;
const day = milliseconds("1d");
const start = new Date("2027-01-01T00:00:00Z");

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const newAccount = () =>
  emulator.cloud.accounts.create({ project: emulator.cloud.projects.list()[0]!.name }).name;
const keysOf = (account: string) =>
  emulator.cloud.keys.list(account).map(({ name }) => name.slice(name.lastIndexOf("/") + 1));

describe("with any local clock", () => {
  /** A run in its own process, whose local clock is wrong. */
  const run = (localOff: number): Promise<ProviderProcess> =>
    startProvider({
      env: {
        ...emulator.settings,
        ...localClockOff(localOff),
        ...{ DT_RETRY_DELAY: "0.01", DT_JOURNAL: scratchFolder("journal") },
      },
    });

  interface Resource {
    readonly handler: "serviceAccountKey" | "keyRetirement";
    readonly id: string;
    readonly inputs: Properties;
    state: Properties;
  }

  /** The calls that `up` makes for a resource that is already in the state. */
  async function up(provider: ProviderProcess, resource: Resource): Promise<void> {
    const { handler, id } = resource;
    const calls = provider.resource(handler);
    const { inputs } = await calls.check(resource.inputs, resource.inputs);
    const { changes } = await calls.diff(id, resource.state, inputs);
    if (changes !== false) resource.state = await calls.update(id, resource.state, inputs);
  }

  /** A key that is rotated now. Its overlap starts here. */
  async function rotated(
    provider: ProviderProcess,
    account: string,
    retirement: "automatic" | "afterDelivery",
  ): Promise<Resource> {
    const key = provider.resource("serviceAccountKey");
    const inputsOf = (incident: string) => ({
      ...{ serviceAccount: account, rotationTriggers: { incident }, overlap: "24h", retirement },
      __urn: `urn:pulumi:test::test::key::${account}`,
    });
    const { inputs } = await key.check(inputsOf("1"));
    const { id, outs } = await key.create(inputs);
    const news = inputsOf("2");
    const state = await key.update(id, outs, news);
    if (retirement === "automatic") return { handler: "serviceAccountKey", id, inputs: news, state };
    const { serviceAccount, keyId, createTime, previousKeyId } = state;
    const given = { serviceAccount, keyId, createTime, previousKeyId, deliveredKeyIds: [keyId] };
    const calls = provider.resource("keyRetirement");
    const { inputs: checked } = await calls.check({ ...given, overlap: "24h" });
    const made = await calls.create(checked);
    return { handler: "keyRetirement", id: made.id, inputs: checked, state: made.outs };
  }

  const skew = fc.constantFrom(
    -400 * day,
    -2 * day,
    -25 * 60 * minute,
    -minute,
    0,
    minute,
    2 * day,
    400 * day,
  );
  const elapsed = fc.constantFrom(minute, 60 * minute, day - minute, day + 6 * minute, 3 * day);

  test.each(["automatic", "afterDelivery"] as const)(
    "an overlap of 24 h ends after 24 h of the server's time (%s)",
    async (retirement) => {
      await fc.assert(
        fc.asyncProperty(skew, skew, elapsed, async (first, second, later) => {
          emulator.clock.set(start);
          const account = newAccount();
          const rotation = await run(first);
          const resource = await rotated(rotation, account, retirement);
          await rotation.kill();
          const [previous, present] = keysOf(account);

          emulator.clock.set(new Date(start.getTime() + later));
          const next = await run(second);
          await up(next, resource);
          expect(keysOf(account)).toEqual(later < day ? [previous, present] : [present]);
          await next.kill();
        }),
        { numRuns: 8 },
      );
    },
  );

  test("a key is rotated at its age by the server's time, and a preview asks for the time once", async () => {
    emulator.clock.set(start);
    const account = newAccount();
    const inputs = { serviceAccount: account, rotateAfter: "30d", overlap: "24h", retirement: "automatic" };
    const maker = await run(-2 * day);
    const { id, outs } = await maker.resource("serviceAccountKey").create(inputs);
    expect(outs.rotateAt).toMatch(/^2027-01-31T00:00:/);
    expect(outs).not.toHaveProperty("mintedAsOf");
    for (const [date, isDue] of [
      ["2027-01-30T23:00:00Z", false],
      ["2027-01-31T01:00:00Z", true],
    ] as const) {
      emulator.clock.set(new Date(date));
      const provider = await run(isDue ? -2 * day : 2 * day);
      const key = provider.resource("serviceAccountKey");
      const { inputs: checked } = await key.check(inputs, inputs);
      emulator.requests.clear();
      for (let count = 0; count < 3; count++) {
        expect((await key.diff(id, outs, checked)).changes).toBe(isDue);
      }
      // The first login, by a wrong clock, is refused.
      expect(emulator.requests.map(({ path }) => path)).toEqual(["/oauth2/token", "/oauth2/token"]);
      await provider.kill();
    }
  });

  test("the local clock is used if no server gives the time", async () => {
    const silent = createServer((_request, response) => {
      response.sendDate = false;
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    afterwards(() => silent.close());
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const settings = { DT_API_URL: `${url}/v2`, DT_OIDC_TOKEN_ENDPOINT: `${url}/oauth2/token` };
    const account = "projects/p/serviceaccounts/s";
    const inputs = { serviceAccount: account, rotateAfter: "30d", overlap: "24h", retirement: "automatic" };
    const createTime = new Date(Date.now() - 31 * day).toISOString();
    const rotateAt = new Date(Date.now() - day).toISOString();
    for (const [off, isDue] of [
      [0, true],
      [-2 * day, false],
    ] as const) {
      const env = { ...emulator.settings, ...settings, ...localClockOff(off), DT_RETRY_DELAY: "0.001" };
      const provider = await startProvider({ env });
      const key = provider.resource("serviceAccountKey");
      const { inputs: checked } = await key.check(inputs, inputs);
      const state = { ...checked, keyId: "k", previousKeyId: "", createTime, rotateAt, retireAt: "" };
      expect((await key.diff(`${account}/keys/k`, state, checked)).changes).toBe(isDue);
      await provider.kill();
    }
  });
});

test("on the real engine a local clock two days behind, then two days ahead, ends no overlap early or late", async () => {
  emulator.clock.set(start);
  const account = newAccount();
  let incident = "1";
  const stack = await engine.stack({
    env: { ...emulator.settings, ...localClockOff(-2 * day) },
    program: () => {
      const { retireAt } = new dt.ServiceAccountKey("erp", {
        serviceAccount: account,
        rotationTriggers: { incident },
      });
      return { retireAt };
    },
  });
  await stack.up();
  incident = "2";
  await stack.up();
  const [first, second] = keysOf(account);
  expect(await stack.outputs()).toEqual({ retireAt: expect.stringMatching(/^2027-01-02T00:00/) as string });

  Object.assign(stack.env, localClockOff(2 * day));
  emulator.clock.set(new Date(start.getTime() + 60 * minute));
  await stack.up({ expectNoChanges: true });
  expect(keysOf(account)).toEqual([first, second]);

  Object.assign(stack.env, localClockOff(-2 * day));
  emulator.clock.set(new Date(start.getTime() + day + 10 * minute));
  // A due rotation is not drift.
  expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
  expect((await stack.up()).changes).toEqual({ update: 1 });
  expect(keysOf(account)).toEqual([second]);
});
