import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { milliseconds } from "../../provider/contract/duration";
import * as dt from "../../sdk";
import { assertion, grant } from "../emulator/login";
import { findCommandPlugin } from "../standins/commandPluginOnPath";
import * as engine from "./harness/engine";
import { scratchFolder } from "./harness/scratch";

jest.setTimeout(300_000);

const plugin = findCommandPlugin();
const folder = scratchFolder("delivered");
/** The file that the consumer reads its key from. */
const inUse = join(folder, "app.json");
const envFile = join(folder, "app.env");
/** The consumer refuses new keys as long as this file exists. */
const refusal = join(folder, "refuse");

let emulator: Emulator;
let account: string;
let stack: engine.InlineStack;
let incident = "1";
let overlap = "24h";
let targets: Record<string, dt.Target> = {
  app: { deliver: `test ! -e ${refusal} && cat > ${inUse}`, verify: "cat > /dev/null" },
  env: dt.envFile({ path: envFile }),
};

beforeAll(async () => {
  process.env.PATH = plugin.onPath(process.env.PATH ?? "", scratchFolder("plugin"));
  emulator = await startEmulator();
  emulator.clock.freeze(new Date("2027-01-01T00:00:00Z"));
  account = emulator.cloud.accounts.create({ project: emulator.cloud.projects.list()[0]!.name }).name;
  // DT_AS_OF is not set, so the emulator's time decides.
  stack = await engine.stack({
    env: { ...emulator.settings },
    program: () => {
      const { key, retirement } = new dt.DeliveredKey("erp", {
        ...{ serviceAccount: account, overlap, targets },
        rotationTriggers: { incident },
      });
      const { keyId, previousKeyId, previousSecret, retireAt } = key;
      return { keyId, previousKeyId, previousSecret, retireAt, confirmedKeyId: retirement.confirmedKeyId };
    },
  });
});
afterAll(() => emulator.close());

const keys = () => emulator.cloud.keys.list(account).map(({ name }) => name.slice(name.lastIndexOf("/") + 1));
const travel = (duration: string) => emulator.clock.advance(milliseconds(duration));

async function urnsOf(...names: string[]): Promise<string[]> {
  const { resources = [] } = (await stack.exportState()).deployment as { resources?: { urn: string }[] };
  return resources.map(({ urn }) => urn).filter((urn) => names.some((name) => urn.endsWith(name)));
}
const retirement = "KeyRetirement::erp";
const key = "ServiceAccountKey::erp";
const delivery = "Command::erp-app";
const verification = "Command::erp-app-verify";

const keyInUse = () =>
  (JSON.parse(readFileSync(inUse, "utf8")) as { serviceAccount: { keyId: string; secret: string } })
    .serviceAccount;
const everywhere = () => [keyInUse().keyId, /KEY_ID=(.*)/.exec(readFileSync(envFile, "utf8"))?.[1]];

/** Runs an operation, and expects that the consumer can log in before and after it. */
async function up(options: Parameters<engine.InlineStack["up"]>[0] = {}): Promise<engine.Run> {
  const outcome = await stack.up(options).catch((error: unknown) => error as Error);
  const { keyId, secret } = keyInUse();
  const { email } = emulator.cloud.accounts.get(account)!;
  expect(await grant(emulator, await assertion(emulator, { keyId, secret, email }))).toMatchObject({
    status: 200,
  });
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

const notice = (previous: string, next: string, present = `key ${previous}`) =>
  `key ${previous} stays, since the delivery still has ${present}, not ${next}: run \`pulumi up\` without --target and --exclude`;

describe(`on ${plugin.name} of @pulumi/command`, () => {
  test("a delivery that fails and is then left out keeps the previous key, and the overlap does not begin", async () => {
    await up();
    const [first] = keys();
    writeFileSync(refusal, "");
    incident = "2";
    await expect(up()).rejects.toThrow("the delivery erp-app failed");
    const [, second] = keys();

    const run = await up({ exclude: await urnsOf(delivery) });
    expect(run.stdout).toContain(notice(first!, second!));
    travel("3d");
    // The program deletes no key, however long and in whatever way the delivery is left out.
    await up({ exclude: await urnsOf(delivery, verification) });
    await up({ target: await urnsOf(retirement) });
    await up({ target: await urnsOf(retirement, key) });
    expect(keys()).toEqual([first, second]);
    expect(keyInUse().keyId).toBe(first);
    expect(await stack.outputs()).toMatchObject({
      ...{ keyId: second, previousKeyId: first, retireAt: "", confirmedKeyId: first },
    });
  });

  test("a preview shows that work remains, and still does after a refresh", async () => {
    rmSync(refusal);
    await stack.refresh();
    await expect(stack.preview({ expectNoChanges: true })).rejects.toMatchObject({ exitCode: 7 });
    const left = await stack.preview({ exclude: await urnsOf(delivery) });
    expect(left.changes).toMatchObject({ update: 1 });
  });

  test("the complete run delivers the new key, and its overlap begins then", async () => {
    const [first, second] = keys();
    await up();
    expect(everywhere()).toEqual([second, second]);
    expect(await stack.outputs()).toMatchObject({
      ...{ previousKeyId: first, confirmedKeyId: second },
      retireAt: expect.stringMatching(/^2027-01-05T00:00:0/) as string,
    });
    await stack.preview({ expectNoChanges: true });
    travel("24h6m");
    expect((await up()).stdout).toContain(`deleted key ${first!}, which ${second!} follows: it is gone`);
    expect(keys()).toEqual([second]);
    expect(await stack.outputs()).toMatchObject({ previousKeyId: "", previousSecret: "", retireAt: "" });
    await stack.preview({ expectNoChanges: true });
  });

  test("the key in use also stays without an overlap until every target has the new key", async () => {
    const [second] = keys();
    [incident, overlap] = ["3", "0"];
    await up({ target: await urnsOf(key, retirement) });
    const [, third] = keys();
    expect(keys()).toEqual([second, third]);
    const partial = await up({ exclude: await urnsOf(verification) });
    expect(partial.stdout).toContain(notice(second!, third!));
    expect(everywhere()).toEqual([third, third]);
    expect(keys()).toEqual([second, third]);

    const { stdout } = await up();
    expect(stdout).toMatch(
      new RegExp(
        `deleted key ${second!}, which ${third!} follows: it is gone, checked at 2027-01-05T00:06:0`,
      ),
    );
    expect(keys()).toEqual([third]);
    expect(await stack.outputs()).toMatchObject({ keyId: third, previousKeyId: "", retireAt: "" });
    await stack.preview({ expectNoChanges: true });
  });

  test("another rotation waits for the evidence, and does not delete the key in use", async () => {
    const [third] = keys();
    writeFileSync(refusal, "");
    incident = "4";
    await expect(up()).rejects.toThrow("the delivery erp-app failed");
    const [, fourth] = keys();
    incident = "5";
    const run = await up({ exclude: await urnsOf(delivery) });
    expect(run.stdout).toContain(`the rotation waits until key ${third!} is gone`);
    expect(keys()).toEqual([third, fourth]);
    rmSync(refusal);
    await up();
    await up();
    expect(keys()).toEqual([keyInUse().keyId]);
    expect(keyInUse().keyId).not.toBe(fourth);
  });

  test("a target that was added but never received the key counts as not delivered", async () => {
    incident = "6";
    const late = join(folder, "late.json");
    targets = { ...targets, late: dt.credentialsFile({ path: late }) };
    const before = keyInUse().keyId;
    const known = await urnsOf(key, retirement, delivery, verification, "Command::erp-env");
    await expect(up({ target: known })).rejects.toThrow("was not specified in --target list");
    expect(existsSync(late)).toBe(false);
    expect(keys()).toContain(before);
    await up();
    expect(JSON.parse(readFileSync(late, "utf8"))).toEqual(JSON.parse(readFileSync(inUse, "utf8")));
    expect(keys()).toEqual([keyInUse().keyId]);
  });
});
