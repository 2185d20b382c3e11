import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmulatorOptions, startEmulator } from "../../../emulator";
import { caller, callerWith } from "../login";
import { scene } from "../scene";

let folder: string;
let dataFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-dt-emulator-"));
  dataFile = join(folder, "cloud.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Returns a port that was free a moment ago. */
async function freePort(): Promise<number> {
  const emulator = await startEmulator();
  await emulator.close();
  return Number(new URL(emulator.url).port);
}

test("a restart keeps resources, tokens, mails, the clock and the address", async () => {
  const { emulator, admin, project } = await scene({ dataFile });
  emulator.clock.advance(86_400_000);
  const call = await caller(emulator);
  const account = await call("POST", `${project}/serviceaccounts`, { displayName: "erp" });
  const key = await call("POST", `${String(account.body["name"])}/keys`);
  await call("POST", `${project}/members`, { email: "new@x.no", roles: ["roles/project.user"] });
  const before = emulator.cloud;
  await emulator.close();
  expect(await admin("GET", "projects").catch(() => "closed")).toBe("closed");

  const again = await startEmulator({ dataFile, seed: { organizations: [{ displayName: "ignored" }] } });
  try {
    expect(again.settings).toEqual(emulator.settings);
    for (const kind of ["organizations", "projects", "accounts", "keys", "members", "users"] as const)
      expect(again.cloud[kind].list()).toEqual(before[kind].list());
    expect(again.cloud.mails).toEqual(before.mails);
    expect(again.clock.now().getTime() - Date.now()).toBeGreaterThan(86_000_000);
    const { email } = account.body as { email: string };
    const { key: made, secret } = key.body as { key: { id: string }; secret: string };
    const login = await caller(again, { email, keyId: made.id, secret });
    expect((await login("GET", project)).status).toBe(403);
    const next = await callerWith(again, "Basic x")("GET", "projects");
    expect(next.status).toBe(401);
  } finally {
    await again.close();
  }
});

test("a token stays valid after a restart", async () => {
  const { emulator, admin } = await scene({ dataFile });
  await emulator.close();
  const again = await startEmulator({ dataFile });
  const { status } = await admin("GET", "projects");
  await again.close();
  expect(status).toBe(200);
});

test("an answered change is in the file, which only its owner can read", async () => {
  const { emulator, admin, project } = await scene({ dataFile });
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_unused, index) =>
      admin("POST", `${project}/serviceaccounts`, { displayName: `account ${index}` }),
    ),
  );
  const { world } = JSON.parse(readFileSync(dataFile, "utf8")) as { world: { accounts: { name: string }[] } };
  await emulator.close();
  const saved = new Set(world.accounts.map(({ name }) => name));
  expect(replies.filter(({ body }) => !saved.has(String(body["name"])))).toEqual([]);
  expect(statSync(dataFile).mode & 0o777).toBe(0o600);
});

/** The message of a start that must fail. Closes the emulator if it did not. */
const failure = (options: EmulatorOptions): Promise<string> =>
  startEmulator(options).then(
    (emulator) => emulator.close().then(() => "started"),
    (error: unknown) => (error as Error).message,
  );

test("an emulator listens on the stored port again, and the error names --port if that is in use", async () => {
  const first = await startEmulator({ dataFile });
  await first.close();
  const port = Number(new URL(first.url).port);
  const other = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  const message = await failure({ dataFile });
  const elsewhere = await startEmulator({ dataFile, port: 0 });
  await elsewhere.close();
  await new Promise((closed) => other.close(closed));
  expect(message).toContain(`port ${port} of 127.0.0.1 is in use`);
  expect(message).toContain("--port");
  expect(elsewhere.url).not.toBe(first.url);
  const last = await startEmulator({ dataFile });
  await last.close();
  expect(last.url).toBe(elsewhere.url);
});

test("a failed start does not change or create a file, and a closed emulator does not write", async () => {
  const first = await startEmulator({ dataFile });
  const before = readFileSync(dataFile, "utf8");
  await first.close();
  const port = Number(new URL(first.url).port);
  const other = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  const fresh = join(folder, "fresh.json");
  const messages = [await failure({ dataFile }), await failure({ dataFile: fresh, port })];
  await new Promise((closed) => other.close(closed));
  for (const message of messages) expect(message).toContain("is in use");
  expect(readFileSync(dataFile, "utf8")).toBe(before);
  expect(readdirSync(folder)).toEqual(["cloud.json"]);

  first.cloud.organizations.create({ displayName: "too late" });
  await first.close();
  expect(readFileSync(dataFile, "utf8")).toBe(before);
});

test("a given port is used and stored", async () => {
  const port = await freePort();
  const first = await startEmulator({ dataFile, port });
  expect(await failure({ port })).toContain(`port ${port} of 127.0.0.1 is in use`);
  await first.close();
  const second = await startEmulator({ dataFile });
  await second.close();
  expect(second.url).toBe(`http://127.0.0.1:${port}/v2`);
});

test("a second emulator on the same file is refused, on any port", async () => {
  const first = await startEmulator({ dataFile });
  const message = await failure({ dataFile, port: 0 });
  await first.close();
  expect(message).toContain("is already used by the emulator at http://127.0.0.1:");
});

test("the folder of a file is created, and a file that cannot be written is an error that leaves nothing behind", async () => {
  dataFile = join(folder, "new", "cloud.json");
  expect(await failure({ dataFile })).toBe("started");
  expect(statSync(dataFile).isFile()).toBe(true);
  const port = await freePort();
  expect(await failure({ dataFile: join(dataFile, "below-a-file"), port })).toContain("cloud.json");
  expect(await failure({ port })).toBe("started");
});

test("a file that is not a data file is named in the error and not changed", async () => {
  for (const content of ["{", "{}", "null"]) {
    writeFileSync(dataFile, content);
    expect(await failure({ dataFile })).toContain(dataFile);
    expect(readFileSync(dataFile, "utf8")).toBe(content);
  }
});
