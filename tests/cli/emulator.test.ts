import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../package.json";
import { Run } from "./run";

let folder: string;
const runs: Run[] = [];
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-dt-cli-"))));
afterEach(() => {
  for (const run of runs.splice(0)) run.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

function start(...args: string[]): Run {
  const run = new Run(args, { cwd: folder });
  runs.push(run);
  return run;
}

async function finish(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const run = start(...args);
  const code = await run.ended();
  return { code, out: run.out, err: run.err };
}

interface Started {
  run: Run;
  /** The environment of a shell that has run the printed lines. */
  settings: Record<string, string>;
}

async function emulator(...args: string[]): Promise<Started> {
  const run = start("emulator", ...args);
  await run.printed(/DT_OIDC_EMAIL=.*\n/);
  await run.printed(/Ctrl-C/, "err");
  return { run, settings: sourced(run.out) };
}

function sourced(script: string): Record<string, string> {
  const env = execFileSync("sh", ["-c", `${script}\nenv`], {
    env: { PATH: process.env["PATH"] },
    encoding: "utf8",
  });
  const lines = env.split("\n").filter((line) => line.startsWith("DT_"));
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

const control = (settings: Record<string, string>, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(settings["DT_API_URL"]!.replace("/v2", `/_emulator/${path}`), init);

test("stdout is exactly the five settings, ready to paste", async () => {
  const { run, settings } = await emulator();
  expect(Object.keys(settings).sort()).toEqual([
    "DT_API_KEY_ID",
    "DT_API_KEY_SECRET",
    "DT_API_URL",
    "DT_OIDC_EMAIL",
    "DT_OIDC_TOKEN_ENDPOINT",
  ]);
  expect(await (await control(settings, "settings")).json()).toEqual(settings);
  run.kill("SIGTERM");
  expect(await run.ended()).toBe(0);
  expect(run.out.trim().split("\n")).toHaveLength(5);
  expect(run.err).toContain("System Service Accounts");
  expect(run.err).not.toContain(settings["DT_API_KEY_SECRET"]);
});

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "after %s the next run finds everything at the same address",
  async (signal) => {
    const first = await emulator("--data", "cloud.json");
    const body = JSON.stringify({ displayName: "Kept" });
    expect((await control(first.settings, "cloud/organizations", { method: "POST", body })).status).toBe(200);
    first.run.kill(signal);
    expect(await first.run.ended()).toBe(signal === "SIGKILL" ? signal : 0);
    const second = await emulator("--data", "cloud.json");
    expect(second.settings).toEqual(first.settings);
    expect(second.run.err).toContain("Kept");
  },
);

test("a script finds the settings in a file as soon as they are valid", async () => {
  writeFileSync(join(folder, "dt.env"), "export OLD=1\n");
  const { settings } = await emulator("--settings-file", "dt.env");
  expect(sourced(readFileSync(join(folder, "dt.env"), "utf8"))).toEqual(settings);
  expect(statSync(join(folder, "dt.env")).mode & 0o777).toBe(0o600);
});

test("a command runs with the settings, and its exit code becomes ours", async () => {
  const program =
    "fetch(process.env.DT_API_URL + '/roles').then(({status}) => process.exit(status === 401 ? 7 : 1))";
  const { code, out, err } = await finish("emulator", "--log", "--", process.execPath, "-e", program);
  expect({ code, out }).toEqual({ code: 7, out: "" });
  expect(err).toContain("GET /v2/roles 401");
});

test("a command that cannot be started is an error", async () => {
  const { code, err } = await finish("emulator", "--", "no-such-command");
  expect(code).toBe(1);
  expect(err).toContain("error: spawn no-such-command ENOENT");
});

test("rate, latency, seed, port and open questions can be set on the command line", async () => {
  const seed = {
    organizations: [{ id: "acme", displayName: "Acme", projects: [{ id: "p1", displayName: "One" }] }],
  };
  writeFileSync(join(folder, "seed.json"), JSON.stringify(seed));
  const options = ["--rate-limit", "1/3600", "--latency", "50", "--seed", "seed.json", "--port", "0"];
  const { run, settings } = await emulator(
    ...options,
    "--unknown",
    "methodNotAllowed=501",
    "--unknown",
    "errorBody=grpc",
  );
  expect(run.err).toContain("organizations/acme  Acme");
  expect(settings["DT_OIDC_EMAIL"]).toMatch(/@p1\.serviceaccount\.d21s\.com$/);
  expect(await (await control(settings, "unknowns")).json()).toMatchObject({
    unknowns: { methodNotAllowed: 501, errorBody: "grpc" },
  });
  const begin = performance.now();
  await fetch(`${settings["DT_API_URL"]!}/roles`);
  expect(performance.now() - begin).toBeGreaterThanOrEqual(49);
  expect((await fetch(`${settings["DT_API_URL"]!}/roles`)).status).toBe(429);
});

test("--rate-limit alone is 25 requests in 5 seconds", async () => {
  const { settings } = await emulator("--rate-limit");
  const replies = await Promise.all(
    Array.from({ length: 200 }, () => fetch(`${settings["DT_API_URL"]!}/roles`)),
  );
  const passed = replies.filter(({ status }) => status === 401).length;
  expect(passed).toBeGreaterThanOrEqual(25);
  expect(passed).toBeLessThan(200);
});

test("a port that is in use is an error with advice", async () => {
  const { settings } = await emulator();
  const { port } = new URL(settings["DT_API_URL"]!);
  const { code, err } = await finish("emulator", "--port", port);
  expect(code).toBe(1);
  expect(err).toContain(`error: port ${port} of 127.0.0.1 is in use: free it, or choose another with --port`);
});

test.each([
  [["emulator", "--port", "http"], "A port is a number from 0 to 65535."],
  [["emulator", "--latency", "-1"], "It is a number of milliseconds."],
  [["emulator", "--rate-limit", "many"], "It is requests/seconds, such as 25/5."],
  [["emulator", "--unknown", "forbiddenAs=405"], "forbiddenAs must be one of 403, 404, not 405"],
  [["emulator", "--seed", "missing.json"], "It cannot be read as JSON"],
  [["emulator", "--nonsense"], "unknown option '--nonsense'"],
])("%j is a usage error", async (args, words) => {
  const { code, out, err } = await finish(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
});

test("an error in a seed names its place", async () => {
  writeFileSync(join(folder, "seed.json"), JSON.stringify({ organizations: [{ title: "x" }] }));
  const { code, err } = await finish("emulator", "--seed", "seed.json");
  expect(code).toBe(1);
  expect(err).toContain("the seed is not right at organizations.0.");
});

test("help shows the version, the subcommands, their options and every open question", async () => {
  expect(await finish("--version")).toMatchObject({ code: 0, out: `${version}\n` });
  expect((await finish("--help")).out).toMatch(/emulator +run a local/);
  for (const args of [
    ["emulator", "--help"],
    ["help", "emulator"],
  ])
    expect(await finish(...args)).toMatchObject({
      code: 0,
      out: expect.stringContaining("--settings-file") as string,
    });
  const { out } = await finish("emulator", "--list-unknowns");
  expect(out).toContain("forbiddenAs = 403 | 404 (403)");
  expect(out).toContain("Without a switch:");
});

test("nothing is coloured if NO_COLOR is set", async () => {
  const run = new Run(["nonsense"], { cwd: folder, env: { NO_COLOR: "1", FORCE_COLOR: "" } });
  await run.ended();
  const list = new Run(["emulator", "--list-unknowns"], { cwd: folder, env: { NO_COLOR: "1" } });
  await list.ended();
  // eslint-disable-next-line no-control-regex -- the text must not contain the escape character
  expect(run.err + list.out).not.toMatch(/\u001b/);
});
