import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { milliseconds } from "../../provider/contract/duration";
import * as dt from "../../sdk";
import { findCommandPlugin } from "../standins/commandPluginOnPath";
import * as engine from "./harness/engine";
import { scratchFolder } from "./harness/scratch";

jest.setTimeout(240_000);

const plugin = findCommandPlugin();
const folder = scratchFolder("delivered");
const credentialsFile = join(folder, "app's/credentials.json");
const envFile = join(folder, "app.env");
/** The consumer refuses new keys as long as this file exists. */
const refusal = join(folder, "refuse");

let emulator: Emulator;
let account: string;
let stack: engine.InlineStack;
let triggers: Record<string, string> = { incident: "1" };
let targets: Record<string, dt.Target> = {};
let name = "erp";

beforeAll(async () => {
  process.env.PATH = plugin.onPath(process.env.PATH ?? "", scratchFolder("plugin"));
  emulator = await startEmulator();
  emulator.clock.freeze(new Date("2027-01-01T00:00:00Z"));
  const project = emulator.cloud.projects.list()[0]!.name;
  account = emulator.cloud.accounts.create({ project }).name;
  targets = {
    file: dt.credentialsFile({ path: credentialsFile, tryLogin: true }),
    env: dt.envFile({ path: envFile }),
    app: {
      // Prints its input, whether it fails or not.
      deliver: `tee /dev/stderr; test ! -e ${refusal}`,
      verify: `tee /dev/stderr | ${dt.verifyLogin}`,
    },
  };
  stack = await engine.stack({
    env: { ...emulator.settings, DT_AS_OF: emulator.clock.now().toISOString() },
    program: () => {
      const key = new dt.DeliveredKey(name, {
        serviceAccount: account,
        rotationTriggers: triggers,
        targets,
      });
      return Promise.resolve({ keyId: key.keyId, retireAt: key.retireAt, credentials: key.credentials });
    },
  });
});
afterAll(() => emulator.close());

function travel(duration: string): void {
  emulator.clock.advance(milliseconds(duration));
  stack.env.DT_AS_OF = emulator.clock.now().toISOString();
}

const keys = () => emulator.cloud.keys.list(account).map(({ name }) => name.slice(name.lastIndexOf("/") + 1));
const secrets = () => emulator.cloud.keys.list(account).map(({ secret }) => secret);
const delivered = () =>
  (JSON.parse(readFileSync(credentialsFile, "utf8")) as { serviceAccount: { keyId: string; secret: string } })
    .serviceAccount;

/** Expects no secret in anything that a person or a log sees, or that is stored. */
function expectNoLeak(...texts: string[]): void {
  for (const secret of secrets())
    for (const text of [...texts, stack.stateText()]) expect(text).not.toContain(secret);
}

// The tested plugin is part of the name, so that the output shows it.
describe(`on ${plugin.name} of @pulumi/command`, () => {
  test("a new key is delivered to every target and tried there, and its secret is never stored or printed in plaintext", async () => {
    const { stdout, stderr } = await stack.up();
    expect(delivered()).toMatchObject({ keyId: keys()[0], secret: secrets()[0] });
    expect(statSync(credentialsFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(envFile, "utf8")).toBe(
      `DT_SERVICE_ACCOUNT_KEY_ID=${keys()[0]!}\nDT_SERVICE_ACCOUNT_SECRET=${secrets()[0]!}\nDT_SERVICE_ACCOUNT_EMAIL=${emulator.cloud.accounts.get(account)!.email}\n`,
    );
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
    expectNoLeak(stdout, stderr);
    const { resources = [] } = (await stack.exportState()).deployment as { resources?: { type: string }[] };
    expect(resources.filter(({ type }) => type === "command:local:Command")).toHaveLength(5);
    expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
  });

  test("a failed delivery keeps the old key and reports it, and the next up resumes there", async () => {
    const [first] = keys();
    writeFileSync(refusal, "");
    triggers = { incident: "2" };
    const failure = await stack.up().catch((error: unknown) => error as engine.EngineFailure);
    const [, second] = keys();
    expect(failure).toMatchObject({ exitCode: 1 });
    const { text } = failure as engine.EngineFailure;
    expect(text).toContain(`created key ${second!} to replace ${first!}: rotationTriggers.incident changed`);
    expect(text).toContain(
      "the delivery erp-app failed: the previous key keeps working, and the next pulumi up tries again",
    );
    expectNoLeak(text);

    // The consumer may take as long as it likes.
    travel("3d");
    await expect(stack.up()).rejects.toThrow("the delivery erp-app failed");
    expect(keys()).toEqual([first, second]);

    rmSync(refusal);
    await stack.up();
    expect(keys()).toEqual([first, second]);
    expect(delivered().keyId).toBe(second);
    // Nobody could switch to the new key before.
    expect(await stack.outputs()).toMatchObject({ keyId: second, retireAt: "2027-01-05T00:00:00.000Z" });
    expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
  });

  test("the old key is deleted when the overlap after the delivery ends, and a refresh does not report that as drift", async () => {
    const [first, second] = keys();
    travel("25h");
    expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
    const preview = await stack.preview();
    expect(preview.changes).toEqual({ update: 1 });
    expect(preview.stdout).toContain(`key ${first!} is deleted, because ${second!} has replaced it`);
    expect(keys()).toEqual([first, second]);
    expect((await stack.up()).changes).toEqual({ update: 1 });
    expect(keys()).toEqual([second]);
    expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).changes).toEqual({});
  });

  test("another rotation within the overlap waits for one update, which ends the overlap", async () => {
    const [second] = keys();
    triggers = { incident: "3" };
    await stack.up();
    const [, third] = keys();
    triggers = { incident: "4" };
    const { stdout } = await stack.up();
    expect(stdout).toContain(`the rotation waits until key ${second!} is gone`);
    expect(keys()).toEqual([third]);
    expect(delivered().keyId).toBe(third);
    await stack.up();
    expect(keys()).toEqual([third, delivered().keyId]);
    expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
  });

  test("a delivery that is renamed without an alias delivers a new key, and the old resource does not undo that", async () => {
    const { file, env } = targets;
    const all = targets;
    targets = { file: file!, env: env! };
    name = "shop";
    await stack.up();
    const [present] = keys();
    expect(keys()).toEqual([present]);
    expect(delivered().keyId).toBe(present);
    expect(readFileSync(envFile, "utf8")).toContain(`DT_SERVICE_ACCOUNT_KEY_ID=${present!}`);
    targets = all;
    await stack.up();
  });

  test("removing a target runs its delete command, and a destroy runs the others", async () => {
    const { file, app } = targets;
    targets = { file: file!, app: app! };
    await stack.up();
    expect(existsSync(envFile)).toBe(false);
    expect(existsSync(credentialsFile)).toBe(true);
    await stack.destroy();
    expect(existsSync(credentialsFile)).toBe(false);
    expect(keys()).toEqual([]);
  });

  test("without an overlap the same update deletes the old key, but only after it has recorded the new one", async () => {
    triggers = { incident: "1" };
    const recorded: boolean[] = [];
    stack.program = () => {
      new dt.ServiceAccountKey("plain", {
        serviceAccount: account,
        overlap: "0",
        rotationTriggers: triggers,
      });
      return Promise.resolve();
    };
    await stack.up();
    const [first] = keys();
    triggers = { incident: "2" };
    const stop = emulator.onRequest({ method: "DELETE", path: "/v2/**/keys/*" }, () => {
      const { keyId = "" } = /"keyId": ?"(?<keyId>[^"]+)"/.exec(stack.stateText())?.groups ?? {};
      recorded.push(keys().includes(keyId) && keyId !== first);
    });
    expect((await stack.up()).changes).toEqual({ update: 2 });
    stop();
    expect(recorded).toEqual([true]);
    expect(keys()).toHaveLength(1);
    expect(keys()).not.toContain(first);
    expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
  });
});
