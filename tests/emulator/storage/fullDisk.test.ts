import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../../emulator";
import { installed } from "../../cli/installed";
import { assertion, callerWith, grant } from "../login";

let folder: string;
let dataFile: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-dt-full-"));
  dataFile = join(folder, "cloud.json");
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true });
});

/**
 * Starts our command with a limit of 64 kB per file: a write ends early and the next one fails, as on a full disk.
 */
async function startLimited(): Promise<{ control: string; said: () => string }> {
  const command = installed("emulator", "--data", dataFile);
  child = spawn("sh", ["-c", 'ulimit -f 128 && exec "$@"', "sh", ...command], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    out += chunk.toString();
    const url = /DT_API_URL='(.*)\/v2'/.exec(out)?.[1];
    if (url !== undefined && out.includes("DT_OIDC_EMAIL="))
      return { control: `${url}/_emulator`, said: () => err };
  }
  throw new Error(`it ended: ${err}`);
}

interface Named {
  name: string;
}

const saved = (): string[] => {
  const { world } = JSON.parse(readFileSync(dataFile, "utf8")) as { world: { organizations: Named[] } };
  return world.organizations.map(({ name }) => name);
};

test("on a full disk every acknowledged change is stored, and stays stored", async () => {
  const { control, said } = await startLimited();
  const add = (displayName: string) =>
    fetch(`${control}/cloud/organizations`, { method: "POST", body: JSON.stringify({ displayName }) });
  const made: string[] = [];
  for (;;) {
    // Several at once, so that they share a failed write.
    const replies = await Promise.all([1, 2, 3].map(() => add("x".repeat(2000))));
    const good = replies.filter(({ status }) => status === 200);
    for (const reply of good) made.push(((await reply.json()) as Named).name);
    const bad = replies.filter(({ status }) => status !== 200);
    if (bad.length === 0) continue;
    expect(bad.map(({ status }) => status)).toEqual(bad.map(() => 507));
    expect(((await bad[0]!.json()) as { error: string }).error).toContain(`${dataFile} cannot be written`);
    break;
  }
  expect(made.length).toBeGreaterThan(3);

  // Refused changes are neither in the file nor in an answer.
  const { organizations } = (await (await fetch(`${control}/cloud/organizations`)).json()) as {
    organizations: Named[];
  };
  expect(organizations.map(({ name }) => name)).toEqual(saved());
  expect(saved()).toEqual(expect.arrayContaining(made));
  expect(saved()).toHaveLength(made.length + 1);
  // It warns once.
  await add("x".repeat(4000));
  expect(said().match(/warning: .*cloud\.json cannot be written/g)).toHaveLength(1);

  // It works again when there is space.
  expect((await fetch(`${control}/cloud/${made[0] ?? ""}`, { method: "DELETE" })).status).toBe(200);
  const reply = await add("x".repeat(100));
  expect(reply.status).toBe(200);
  made.push(((await reply.json()) as Named).name);
  expect(readdirSync(folder).filter((name) => name.endsWith(".unfinished"))).toEqual([]);

  child?.kill("SIGKILL");
  await once(child!, "exit");
  const again = await startEmulator({ dataFile });
  const names = again.cloud.organizations.list().map(({ name }) => name);
  await again.close();
  expect(names).toEqual(expect.arrayContaining(made.slice(1)));
});

test("a call and a login that cannot be stored are refused with the API's error body", async () => {
  const { control } = await startLimited();
  const settings = (await (await fetch(`${control}/settings`)).json()) as Record<string, string>;
  const { DT_API_URL: url = "", DT_API_KEY_ID: keyId = "", DT_API_KEY_SECRET: secret = "" } = settings;
  const { DT_OIDC_EMAIL: email = "", DT_OIDC_TOKEN_ENDPOINT: tokenEndpoint = "" } = settings;
  const there = { url, tokenEndpoint, clock: { now: () => new Date() } };
  const login = async () => grant(there, await assertion(there, { email, keyId, secret }));
  const { body } = await login();
  const call = callerWith(there, `Bearer ${String(body["access_token"])}`);
  const [organization] = (await call("GET", "organizations")).body["organizations"] as Named[];
  const project = (length: number) =>
    call("POST", "projects", { organization: organization?.name, displayName: "x".repeat(length) });
  for (const length of [4000, 400, 1]) {
    let reply = await project(length);
    while (reply.status === 200) reply = await project(length);
    expect(reply).toMatchObject({ status: 507, body: { code: 507, help: expect.any(String) as string } });
  }
  // Logins need less space than projects, so one or two may still fit.
  const statuses = [await login(), await login(), await login()].map(({ status }) => status);
  expect(statuses.at(-1)).toBe(507);
  // Reads need no space.
  expect((await call("GET", "projects")).status).toBe(200);
});
