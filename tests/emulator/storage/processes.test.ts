import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Run } from "../../cli/run";

let folder: string;
const runs: Run[] = [];
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-dt-processes-"))));
afterEach(async () => {
  for (const run of runs) run.kill("SIGKILL");
  await Promise.all(runs.splice(0).map((run) => run.ended()));
  rmSync(folder, { recursive: true });
});

function start(...args: string[]): Run {
  const run = new Run(["emulator", ...args], { cwd: folder });
  runs.push(run);
  return run;
}

/** Waits until an emulator is ready. @returns the URL of its control */
async function served(run: Run): Promise<string> {
  await run.printed(/DT_OIDC_EMAIL=.*\n/);
  const [, url = ""] = /DT_API_URL='(.*)\/v2'/.exec(run.out) ?? [];
  return `${url}/_emulator`;
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: "POST", body: JSON.stringify(body) });

const names = (): string[] => {
  const { world } = JSON.parse(readFileSync(join(folder, "cloud.json"), "utf8")) as {
    world: { organizations: { displayName: string }[] };
  };
  return world.organizations.map(({ displayName }) => displayName);
};

const sentence =
  /^error: .*cloud\.json is already used by the emulator at (http:\S+) \(process (\d+)\): use that one, or stop it$/m;

describe("only one emulator at a time uses a data file", () => {
  test.each([
    ["by its name", (): string => "cloud.json"],
    ["by a link to it", (): string => (symlinkSync("cloud.json", join(folder, "link.json")), "link.json")],
    ["by a link to its folder", (): string => (symlinkSync(".", join(folder, "here")), "here/cloud.json")],
  ])("a second one %s names the first in one sentence", async (_how, other) => {
    const first = start("--data", "cloud.json");
    const control = await served(first);
    for (const port of [[], ["--port", "0"]]) {
      const second = start("--data", other(), ...port);
      expect(await second.ended()).toBe(1);
      const [, url, pid] = sentence.exec(second.err.replace("link.json", "cloud.json")) ?? [second.err];
      expect([url, Number(pid)]).toEqual([control.replace("/_emulator", ""), first.child.pid]);
      rmSync(join(folder, "link.json"), { force: true });
      rmSync(join(folder, "here"), { force: true });
    }
    expect((await post(`${control}/cloud/organizations`, { displayName: "Kept" })).status).toBe(200);
    first.kill("SIGTERM");
    expect(await first.ended()).toBe(0);
    expect(names()).toContain("Kept");
    expect(readdirSync(folder)).toEqual(["cloud.json"]);
  });

  test("a stopped process keeps its lock, and a killed one does not", async () => {
    const first = start("--data", "cloud.json");
    await served(first);
    first.kill("SIGSTOP");
    const second = start("--data", "cloud.json", "--port", "0");
    expect(await second.ended()).toBe(1);
    expect(second.err).toMatch(sentence);
    first.kill("SIGKILL");
    await first.ended();
    const third = start("--data", "cloud.json");
    await served(third);
    third.kill("SIGTERM");
    expect(await third.ended()).toBe(0);
    expect(readdirSync(folder)).toEqual(["cloud.json"]);
  });

  test("of several that start at the same moment one is ready, and the others name it", async () => {
    const started = Array.from({ length: 4 }, () => start("--data", "cloud.json", "--port", "0"));
    const ended = started.map(async (run) => ((await run.ended()) === 1 ? run.err : "served"));
    const serving = await Promise.any(started.map(async (run) => (await served(run), run)));
    const others = await Promise.all(ended.filter((_end, index) => started[index] !== serving));
    for (const err of others) expect(sentence.exec(err)?.[2] ?? err).toBe(String(serving.child.pid));
  });

  test("the lock of a reused process id is ignored, and the lock of another machine is not", async () => {
    const lock = join(folder, `cloud.json.lock-${process.pid}-0a0b0c0d`);
    const claim = { pid: process.pid, started: "of another time", host: hostname(), origin: "http://x" };
    writeFileSync(lock, JSON.stringify(claim));
    const first = start("--data", "cloud.json");
    await served(first);
    expect(existsSync(lock)).toBe(false);
    first.kill("SIGTERM");
    await first.ended();
    writeFileSync(lock, JSON.stringify({ ...claim, host: "elsewhere" }));
    const second = start("--data", "cloud.json");
    expect(await second.ended()).toBe(1);
    expect(second.err).toContain(
      `(process ${process.pid} on elsewhere): use that one, or stop it, or remove ${lock}`,
    );
  });

  test("a link to a missing file is locked as its target", async () => {
    mkdirSync(join(folder, "there"));
    symlinkSync("there/cloud.json", join(folder, "link.json"));
    const first = start("--data", "link.json");
    await served(first);
    first.kill("SIGTERM");
    await first.ended();
    expect(readdirSync(join(folder, "there"))).toEqual(["cloud.json"]);
    expect(readFileSync(join(folder, "link.json"), "utf8")).toContain('"format":1');
  });
});

test("an error about a seed names the file and the place in it", async () => {
  const seed = (members: object): string =>
    JSON.stringify({ organizations: [{ displayName: "x", projects: [{ displayName: "y", members }] }] });
  for (const [content, place] of [
    [seed([]), "organizations.0.projects.0.members"],
    [seed({ "a@b.serviceaccount.d21s.com": "project.user" }), "organizations.0.projects.0.members.a@b"],
    ['{"organizations":[{"displayName":"x","id":"a"},{"displayName":"x","id":"a"}]}', "organizations.1"],
  ] as const) {
    writeFileSync(join(folder, "seed.json"), content);
    const run = start("--seed", "seed.json");
    expect(await run.ended()).toBe(1);
    expect(run.err).toMatch(/^error: the seed is not right at .*\(seed\.json\)$/m);
    expect(run.err).toContain(place);
  }
});

test("an empty option is an error, and does not open the emulator to other machines", async () => {
  for (const option of ["--host", "--data", "--port", "--latency"])
    expect(await start(option, "").ended()).toBe(2);
});

test("listening on an address that other machines can reach gives a warning", async () => {
  const run = start("--host", "0.0.0.0");
  await served(run);
  expect(run.err).toMatch(/^warning: the emulator listens on 0\.0\.0\.0: other machines can reach its API/m);
});

test("names and requests are printed as plain text, whatever they contain", async () => {
  const run = start("--data", "cloud.json", "--log");
  const control = await served(run);
  const displayName = "\u001b[31mred\n::error::forged\u202e\u009b31m";
  await post(`${control}/cloud/organizations`, { displayName });
  const issuer = Buffer.from(JSON.stringify({ iss: displayName })).toString("base64url");
  await fetch(control.replace("_emulator", "oauth2/token"), {
    method: "POST",
    body: new URLSearchParams({ grant_type: "x", assertion: `x.${issuer}.x` }),
  });
  run.kill("SIGTERM");
  await run.ended();
  const again = start("--data", "cloud.json");
  await served(again);
  await again.printed(/forged/, "err");
  for (const { err } of [run, again]) {
    expect(err).toContain("red");
    const odd = /[\p{Cc}\p{Cf}]|^::error/u;
    expect(err.split("\n").filter((line) => odd.test(line))).toEqual([]);
  }
});

/** Creates organizations until the answer is not 200. `made` are those answered with 200. */
async function makeMany(control: string, prefix: string, made: string[], enough: () => void): Promise<void> {
  for (;;) {
    const displayName = `${prefix} ${made.length} ${"x".repeat(200)}`;
    const body = JSON.stringify({ displayName });
    const status = await fetch(`${control}/cloud/organizations`, { method: "POST", body }).then(
      (response) => response.status,
      () => 0,
    );
    if (status !== 200) return;
    made.push(displayName);
    if (made.length > 20) enough();
  }
}

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "%s amid writes ends in order, and nothing that was answered is lost",
  async (signal) => {
    const run = start("--data", "cloud.json");
    const control = await served(run);
    const made: string[] = [];
    let writers: Promise<unknown> = Promise.resolve();
    await new Promise<void>((enough) => {
      writers = Promise.all(["a", "b", "c", "d"].map((prefix) => makeMany(control, prefix, made, enough)));
    });
    run.kill(signal);
    // A wrapper such as npx also forwards a signal that the terminal has already sent.
    run.kill(signal);
    await writers;
    expect(await run.ended()).toBe(0);
    expect(run.err).not.toMatch(/^(error|warning):|^ +at /m);
    const saved = new Set(names());
    expect(made.filter((name) => !saved.has(name))).toEqual([]);
    expect(readdirSync(folder)).toEqual(["cloud.json"]);
  },
);

test("the emulator keeps running if the reader of its settings closes the pipe after the first line", async () => {
  const run = start("--data", "cloud.json", "--log");
  const control = await served(run);
  run.child.stdout?.destroy();
  run.child.stderr?.destroy();
  for (let asked = 0; asked < 5; asked++) await fetch(control.replace("_emulator", "v2/roles"));
  run.kill("SIGTERM");
  expect(await run.ended()).toBe(0);
});
