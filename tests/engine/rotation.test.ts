import { startEmulator, type Emulator } from "../../emulator";
import { milliseconds } from "../../provider/contract/duration";
import * as dt from "../../sdk";
import * as engine from "./harness/engine";

jest.setTimeout(180_000);

let emulator: Emulator;
let account: string;
let stack: engine.InlineStack;
let triggers: Record<string, string> = { incident: "1" };
let overlap = "24h";
/** Whether the program of the last operation could read the secret. */
let isSecretKnown: Promise<boolean>;

beforeAll(async () => {
  emulator = await startEmulator();
  emulator.clock.freeze(new Date("2027-01-01T00:00:00Z"));
  const project = emulator.cloud.projects.list()[0]!.name;
  account = emulator.cloud.accounts.create({ project }).name;
  stack = await engine.stack({
    env: { ...emulator.settings, DT_AS_OF: emulator.clock.now().toISOString() },
    program: () => {
      const { keyId, secret, credentials, ...key } = new dt.ServiceAccountKey("erp", {
        serviceAccount: account,
        rotationTriggers: triggers,
        rotateAfter: "90d",
        overlap,
      });
      isSecretKnown = (secret as unknown as { isKnown: Promise<boolean> }).isKnown;
      const { previousKeyId, previousSecret, retireAt } = key;
      return Promise.resolve({ keyId, secret, credentials, previousKeyId, previousSecret, retireAt });
    },
  });
  await stack.up();
});
afterAll(() => emulator.close());

function travel(duration: string): void {
  emulator.clock.advance(milliseconds(duration));
  stack.env.DT_AS_OF = emulator.clock.now().toISOString();
}

const keys = () => emulator.cloud.keys.list(account).map(({ name }) => name.slice(name.lastIndexOf("/") + 1));
const writes = () =>
  emulator.requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/v2/")).length;

test("a preview of a rotation reports it, shows the secret as unknown, and writes nothing", async () => {
  await stack.preview({ expectNoChanges: true });
  expect(await isSecretKnown).toBe(true);
  triggers = { incident: "2" };
  const before = [writes(), stack.stateText()];
  for (let count = 0; count < 2; count++) {
    const { stdout, changes } = await stack.preview();
    expect(changes).toEqual({ update: 1 });
    expect(stdout).toMatch(/~ .* erp update \[diff: ~rotationTriggers\]/);
    expect(stdout).toContain(`${account}: key ${keys()[0]!} is replaced: rotationTriggers.incident changed`);
    expect(await isSecretKnown).toBe(false);
  }
  expect([writes(), stack.stateText()]).toEqual(before);
});

test("the update does what the preview showed, and never replaces the resource", async () => {
  const [first] = keys();
  const { stdout, changes } = await stack.up();
  expect(changes).toEqual({ update: 1 });
  expect(stdout).toContain(`created key ${keys()[1]!} to replace ${first!}`);
  const { keyId, secret, credentials } = await stack.outputs();
  expect(keyId).toBe(keys()[1]);
  expect(String(credentials)).toContain(String(secret));
  expect(emulator.cloud.keys.get(`${account}/keys/${String(keyId)}`)?.secret).toBe(secret);
  expect(stack.stateText()).not.toContain(String(secret));
  expect(stdout).not.toContain(String(secret));
  await stack.preview({ expectNoChanges: true });
});

test("a due rotation shows in a preview of the program, but is not drift", async () => {
  travel("25h");
  for (const runProgram of [false, true]) {
    expect((await stack.previewRefresh({ expectNoChanges: true, runProgram })).changes).toEqual({});
  }
  const [first, second] = keys();
  const preview = await stack.preview();
  expect(preview.changes).toEqual({ update: 1 });
  expect(preview.stdout).toContain(
    `key ${first!} (the previous key) is deleted: retireAt 2027-01-02T00:00:00.000Z has passed`,
  );
  await expect(stack.preview({ refresh: true, expectNoChanges: true })).rejects.toMatchObject({
    exitCode: 7,
  });
  await stack.refresh();
  expect(keys()).toEqual([first, second]);
  await stack.up();
  expect(keys()).toEqual([second]);

  travel("90d");
  expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
  expect((await stack.preview()).stdout).toContain(`key ${second!} is replaced: rotateAt`);
});

test("a preview and an update with the same dt:asOf agree, whatever the clock says", async () => {
  const asOf = stack.env.DT_AS_OF!;
  Reflect.deleteProperty(stack.env, "DT_AS_OF");
  // By the server's time no rotation is due yet.
  const due = emulator.clock.now();
  emulator.clock.advance(-milliseconds("2d"));
  await stack.preview({ expectNoChanges: true });
  emulator.clock.freeze(due);
  await stack.setConfig({ "dt:asOf": asOf });
  expect((await stack.preview()).changes).toEqual({ update: 1 });
  emulator.clock.advance(milliseconds("200d"));
  expect((await stack.up()).changes).toEqual({ update: 1 });
  expect(keys()).toHaveLength(2);
  await stack.preview({ expectNoChanges: true });
});

test("in an emergency one update creates a new key and deletes all earlier ones, even one in its overlap", async () => {
  const [, leaked] = keys();
  expect(keys()).toHaveLength(2);
  [triggers, overlap] = [{ incident: "leaked" }, "0"];
  expect((await stack.preview()).changes).toEqual({ update: 1, create: 1 });
  // The deletion is refused at first, so the outputs list the key.
  const path = `/v2/${account}/keys/${leaked!}`;
  emulator.faults.add({ method: "DELETE", path, effect: { kind: "respond", status: 403 }, times: 1 });
  await expect(stack.up()).rejects.toThrow("403");
  expect(keys()).toHaveLength(2);

  const { stdout } = await stack.up();
  const { keyId, ...outputs } = await stack.outputs();
  expect(keys()).toEqual([keyId]);
  expect(stdout).toMatch(
    new RegExp(`deleted key ${leaked!}, which ${String(keyId)} follows: it is gone, checked at 20\\d\\d-`),
  );
  expect(outputs).toMatchObject({ previousKeyId: "", previousSecret: "", retireAt: "" });
  await stack.preview({ expectNoChanges: true });
  await stack.preview({ refresh: true, expectNoChanges: true });
  expect(await stack.outputs()).toMatchObject({ keyId, ...outputs });
});

test("the outputs list the key if it is not deleted because it is in use", async () => {
  const { email } = emulator.cloud.accounts.get(account)!;
  const scope = emulator.cloud.projects.list()[0]!.name;
  emulator.cloud.members.create({ scope, email, roles: ["roles/project.admin"] });
  const { keyId: inUse, secret } = await stack.outputs();
  Object.assign(stack.env, { DT_API_KEY_ID: inUse, DT_API_KEY_SECRET: secret, DT_OIDC_EMAIL: email });
  triggers = { incident: "leaked again" };
  const { stdout } = await stack.up();
  expect(stdout).toContain(`key ${String(inUse)} is due to be deleted, but this run logs in with it`);
  const { keyId, ...outputs } = await stack.outputs();
  expect(keys()).toEqual([inUse, keyId]);
  expect(outputs).toMatchObject({ previousKeyId: inUse, previousSecret: secret });
  expect(outputs.retireAt).not.toBe("");
  expect(stack.stateText()).not.toContain(String(secret));
});
