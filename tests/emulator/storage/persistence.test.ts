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

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const emulator = await startEmulator();
  await emulator.close();
  return Number(new URL(emulator.url).port);
}

test("a restart loses nothing: things, logins, mails, the clock and the address", async () => {
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

test("a token got before a restart is good after it", async () => {
  const { emulator, admin } = await scene({ dataFile });
  await emulator.close();
  const again = await startEmulator({ dataFile });
  const { status } = await admin("GET", "projects");
  await again.close();
  expect(status).toBe(200);
});

test("what was answered is in the file, which only its owner can read", async () => {
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

/** Starts where it must not, and closes again if it did. */
const failure = (options: EmulatorOptions): Promise<string> =>
  startEmulator(options).then(
    (emulator) => emulator.close().then(() => "started"),
    (error: unknown) => (error as Error).message,
  );

test("the address of last time is taken again, and if another has it that is an error which names --port", async () => {
  const first = await startEmulator({ dataFile });
  await first.close();
  const port = Number(new URL(first.url).port);
  const other = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  const message = await failure({ dataFile });
  const elsewhere = await startEmulator({ dataFile, port: 0 });
  await elsewhere.close();
  await new Promise((closed) => other.close(closed));
  expect(message).toContain(`port ${port} of 127.0.0.1 is taken`);
  expect(message).toContain("--port");
  expect(elsewhere.url).not.toBe(first.url);
  const last = await startEmulator({ dataFile });
  await last.close();
  expect(last.url).toBe(elsewhere.url);
});

test("a start that fails changes no file and makes none, and an emulator that was closed writes no more", async () => {
  const first = await startEmulator({ dataFile });
  const before = readFileSync(dataFile, "utf8");
  await first.close();
  const port = Number(new URL(first.url).port);
  const other = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  const fresh = join(folder, "fresh.json");
  const messages = [await failure({ dataFile }), await failure({ dataFile: fresh, port })];
  await new Promise((closed) => other.close(closed));
  for (const message of messages) expect(message).toContain("is taken");
  expect(readFileSync(dataFile, "utf8")).toBe(before);
  expect(readdirSync(folder)).toEqual(["cloud.json"]);

  first.cloud.organizations.create({ displayName: "too late" });
  await first.close();
  expect(readFileSync(dataFile, "utf8")).toBe(before);
});

test("a port that is asked for is taken, and remembered", async () => {
  const port = await freePort();
  const first = await startEmulator({ dataFile, port });
  expect(await failure({ port })).toContain(`port ${port} of 127.0.0.1 is taken`);
  await first.close();
  const second = await startEmulator({ dataFile });
  await second.close();
  expect(second.url).toBe(`http://127.0.0.1:${port}/v2`);
});

test("a second emulator on the same file is refused, by whatever port", async () => {
  const first = await startEmulator({ dataFile });
  const message = await failure({ dataFile, port: 0 });
  await first.close();
  expect(message).toContain("is served by the emulator at http://127.0.0.1:");
});

test("a file's folder is made, and a file that cannot be written is an error that leaves nothing behind", async () => {
  dataFile = join(folder, "new", "cloud.json");
  expect(await failure({ dataFile })).toBe("started");
  expect(statSync(dataFile).isFile()).toBe(true);
  const port = await freePort();
  expect(await failure({ dataFile: join(dataFile, "below-a-file"), port })).toContain("cloud.json");
  expect(await failure({ port })).toBe("started");
});

test("a file that is not an emulator's is named and left alone", async () => {
  for (const content of ["{", "{}", "null"]) {
    writeFileSync(dataFile, content);
    expect(await failure({ dataFile })).toContain(dataFile);
    expect(readFileSync(dataFile, "utf8")).toBe(content);
  }
});
