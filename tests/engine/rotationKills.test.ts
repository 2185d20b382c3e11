import { startEmulator, type Emulator, type Incoming, type Moment } from "../../emulator";
import { startProvider, type Properties, type ProviderProcess } from "./harness/providerProcess";
import { scratchFolder } from "./harness/scratch";

jest.setTimeout(180_000);

let emulator: Emulator;
/** A process that is never killed. It sets up the cases. */
let maker: ProviderProcess;

beforeAll(async () => {
  emulator = await startEmulator();
  emulator.clock.freeze(new Date("2027-01-01T00:00:00Z"));
  maker = await startAt("2027-01-01T00:00:00Z", scratchFolder("journal"));
});
afterAll(() => emulator.close());

const startAt = (date: string, journal: string): Promise<ProviderProcess> => {
  emulator.clock.freeze(new Date(date));
  const haste = { DT_AS_OF: date, DT_RETRY_DELAY: "0.01" };
  return startProvider({ env: { ...emulator.settings, ...haste, DT_JOURNAL: journal } });
};

interface Case {
  readonly urn: string;
  readonly account: string;
  readonly id: string;
  inputs: Properties;
  /** The properties that the engine has recorded. */
  state: Properties;
}

const isWrite = (method: string, path: string): boolean => method !== "GET" && path.startsWith("/v2/");
const keysOf = ({ account }: Case) => emulator.cloud.keys.list(account);
const inputsOf = ({ urn, account }: Pick<Case, "urn" | "account">, incident: string): Properties => ({
  ...{ serviceAccount: account, rotationTriggers: { incident }, overlap: "24h", retirement: "automatic" },
  __urn: urn,
});

/** A key that has been rotated this number of times at the beginning of the year. */
async function keyRotated(times: number): Promise<Case> {
  const project = emulator.cloud.projects.list()[0]!.name;
  const { name: account } = emulator.cloud.accounts.create({ project });
  const urn = `urn:pulumi:test::test::key::${account}`;
  emulator.clock.freeze(new Date("2027-01-01T00:00:00Z"));
  const handler = maker.resource("serviceAccountKey");
  const { inputs } = await handler.check(inputsOf({ urn, account }, "1"));
  const { id, outs } = await handler.create(inputs);
  const made: Case = { urn, account, id, inputs, state: outs };
  for (let count = 0; count < times; count++) {
    made.inputs = inputsOf(made, `${count + 2}`);
    made.state = await handler.update(id, made.state, made.inputs);
  }
  return made;
}

/** The calls that the engine's `up` makes for one resource. */
async function up(provider: ProviderProcess, each: Case): Promise<boolean> {
  const handler = provider.resource("serviceAccountKey");
  const { inputs } = await handler.check(each.inputs, each.inputs);
  const { changes } = await handler.diff(each.id, each.state, inputs);
  if (changes === false) return false;
  each.state = await handler.update(each.id, each.state, inputs);
  return true;
}

const scenarios = {
  "a rotation": { rotated: 0, incident: "next", date: "2027-01-01T01:00:00Z", generation: 2, alive: 2 },
  "a rotation in the overlap of another": {
    ...{ rotated: 1, incident: "next", date: "2027-01-01T01:00:00Z", generation: 3, alive: 2 },
  },
  "the end of an overlap": {
    ...{ rotated: 1, incident: "2", date: "2027-01-03T00:00:00Z", generation: 2, alive: 1 },
  },
};

describe.each(Object.entries(scenarios))("a process that is killed at any request of %s", (_, scenario) => {
  const { rotated, incident, date, generation, alive } = scenario;

  test("is followed by a run that converges: the state's keys work, and none of our other keys stays unreported", async () => {
    let answered = 0;
    while (await killedAt(answered + 1, "afterCommit")) answered++;
    let writes = 0;
    // Killing the process before a read is answered is the same as after the request before it.
    while (await killedAt(writes + 1, "beforeCommit", ({ method, path }) => isWrite(method, path))) writes++;
    expect(answered).toBeGreaterThan(3);
    expect(writes).toBeGreaterThan(0);
  });

  /** @returns whether there was such a request */
  async function killedAt(
    number: number,
    when: Moment,
    isMeant: (request: Incoming) => boolean = () => true,
  ): Promise<boolean> {
    const each = await keyRotated(rotated);
    each.inputs = inputsOf(each, incident);
    // A new journal. Otherwise the run would also look for the undecided intents of other cases, and make
    // more requests at which to kill it.
    const journal = scratchFolder("journal");
    const victim = await startAt(date, journal);
    let seen = 0;
    let isKilled = false;
    const stop = emulator.onRequest({ path: "/**", when }, async (request) => {
      if (!isMeant(request) || ++seen !== number) return;
      isKilled = true;
      expect(hasWorkingKey(each)).toBe(true);
      await victim.kill();
    });
    await up(victim, each).catch(() => undefined);
    stop();
    expect(hasWorkingKey(each)).toBe(true);

    const rescue = await startAt(date, journal);
    for (let runs = 0; runs < 3 && (await up(rescue, each)); runs++) expect(hasWorkingKey(each)).toBe(true);
    expect(await up(rescue, each)).toBe(false);
    const { keyId, secret, previousKeyId, ...state } = each.state;
    expect(state).toMatchObject({ generation });
    expect(keysOf(each).find(({ name }) => name.endsWith(`/${String(keyId)}`))?.secret).toBe(secret);
    const known = [keyId, previousKeyId]
      .filter((id) => id !== "")
      .map((id) => `${each.account}/keys/${String(id)}`);
    expect(known).toHaveLength(alive);
    for (const { name } of keysOf(each)) {
      // A key that another program may have created at the same moment is not deleted, but named.
      if (!known.includes(name)) expect(victim.printed + rescue.printed).toContain(name);
    }
    expect(keysOf(each).map(({ name }) => name)).toEqual(expect.arrayContaining(known));
    await victim.kill();
    await rescue.kill();
    return isKilled;
  }
});

/** Whether the recorded properties are enough to log in. */
function hasWorkingKey(each: Case): boolean {
  const { keyId, secret, previousKeyId, previousSecret } = each.state;
  const recorded = [
    `${String(keyId)} ${String(secret)}`,
    `${String(previousKeyId)} ${String(previousSecret)}`,
  ];
  return keysOf(each).some(({ name, secret: actual }) =>
    recorded.includes(`${name.slice(name.lastIndexOf("/") + 1)} ${actual}`),
  );
}
