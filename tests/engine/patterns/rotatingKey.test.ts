import { execa } from "execa";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { Emulator } from "../../../emulator";
import { milliseconds } from "../../../provider/contract/duration";
import { runJob, type Job } from "../../cli/workflow";
import { findCommandPlugin } from "../../standins/commandPluginOnPath";
import type { CliStack } from "../harness/cli";
import { afterwards, scratchFolder } from "../harness/scratch";
import { edit, example, must, projectId, startCloud } from "./example";

jest.setTimeout(600_000);

const plugin = findCommandPlugin();
const folder = resolve(__dirname, "../../../examples/rotating-key");
const file = join(scratchFolder("dashboard"), "dt.json");

let emulator: Emulator;
let program: CliStack;
/** The consumer's output so far, with a line for each login. */
const said: string[] = [];

beforeAll(async () => {
  process.env.PATH = plugin.onPath(process.env.PATH ?? "", scratchFolder("plugin"));
  emulator = await startCloud();
  emulator.clock.set(new Date("2027-01-01T00:00:00Z"));
  program = await example("rotating-key", {
    config: {
      serviceAccounts: projectId(emulator, "System Service Accounts"),
      measurements: projectId(emulator, "Production"),
      credentialsFile: file,
    },
  });
});

/** Runs the scheduled workflow as it is written. */
async function night(): Promise<string> {
  const { jobs } = parse(readFileSync(join(folder, "rotate-keys.yml"), "utf8")) as { jobs: { rotate: Job } };
  const { DT_API_KEY_ID, DT_API_KEY_SECRET, DT_OIDC_EMAIL, ...where } = emulator.settings;
  const { runs, summary } = await runJob(jobs.rotate, {
    cwd: program.folder,
    env: { ...program.env, ...where, DT_AS_OF: emulator.clock.now().toISOString() },
    values: {
      "vars.PULUMI_STACK": "test",
      "secrets.DT_API_KEY_ID": DT_API_KEY_ID,
      "secrets.DT_API_KEY_SECRET": DT_API_KEY_SECRET,
      "secrets.DT_OIDC_EMAIL": DT_OIDC_EMAIL,
    },
  });
  const text = runs.map((run) => run.text).join("\n");
  if (runs.some(({ exitCode }) => exitCode !== 0)) throw new Error(text);
  return summary;
}

/** Moves the clock while the consumer asks for the time, so that it is not in the middle of a login. */
function travel(duration: string): Promise<void> {
  return new Promise((done) => {
    emulator.onRequest({ method: "GET", path: "/v2/roles", times: 1 }, () => {
      emulator.clock.advance(milliseconds(duration));
      done();
    });
  });
}

function startConsumer(): void {
  const consumer = execa(process.execPath, [join(folder, "dashboard.mjs")], {
    env: { DT_CREDENTIALS_FILE: file, DT_API_URL: emulator.url, INTERVAL_SECONDS: "0.2" },
    all: true,
    reject: false,
  });
  consumer.all!.on("data", (chunk: Buffer) => said.push(...chunk.toString().trim().split("\n")));
  afterwards(async () => {
    consumer.kill("SIGKILL");
    await consumer;
  });
}

/** Waits until the consumer has logged in with the contents of its file. */
async function consumerUsesItsFile(): Promise<void> {
  const { keyId } = (JSON.parse(readFileSync(file, "utf8")) as { serviceAccount: { keyId: string } })
    .serviceAccount;
  const seen = () => said.some((line) => line.startsWith(`${keyId} sees`));
  while (!seen()) await new Promise((resolve) => setTimeout(resolve, 50));
}

const keys = () =>
  emulator.cloud.keys.list().filter(({ name }) => !name.includes(emulator.admin.keyId)).length;

describe(`the example, on ${plugin.name} of @pulumi/command`, () => {
  test("its consumer has no failed login in three rotations", async () => {
    expect(await night()).toContain("The next rotation is due 2027-01-31");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    startConsumer();
    await consumerUsesItsFile();
    for (let rotation = 1; rotation <= 3; rotation++) {
      await travel("30d");
      await night();
      expect(keys()).toBe(2);
      await consumerUsesItsFile();
      await travel("25h");
      await night();
      expect(keys()).toBe(1);
    }
    await travel("1h");
    await consumerUsesItsFile();
    expect(said.filter((line) => !/^\w+ sees 1 projects$/.test(line))).toEqual([]);
    expect(new Set(said.map((line) => line.split(" ")[0])).size).toBe(4);
  });

  test("an incident rotates the key at once, and taking the example down leaves nothing behind", async () => {
    Object.assign(program.env, emulator.settings, { DT_AS_OF: emulator.clock.now().toISOString() });
    await must(program.run("config", "set", "incident", "2027-04-07"));
    const before = readFileSync(file, "utf8");
    edit(program, "index.ts", 'overlap: "24h"', 'overlap: "0"');
    await must(program.up());
    expect(readFileSync(file, "utf8")).not.toBe(before);
    expect(keys()).toBe(1);
    await consumerUsesItsFile();
    await must(program.destroy());
    expect(keys()).toBe(0);
    expect(existsSync(file)).toBe(false);
  });
});
