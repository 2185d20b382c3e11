import { execa } from "execa";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUN_MARK } from "../engine/harness/scratch";
import { killStrays } from "../engine/harness/strays";
import { excerpt } from "../../tools/picture/excerpt";
import { linesIn } from "../../tools/picture/terminal";
import { copyOfCheckout } from "./checkout";

jest.setTimeout(300_000);

let checkout: string;
beforeAll(async () => (checkout = await copyOfCheckout()));

const [markName = "", mark = ""] = RUN_MARK.split("=");

/**
 * Starts `make TARGET` in its own process group, like a terminal. Both of its outputs go to one pipe, so that their
 * order is that of a terminal.
 */
const make = (target: string) =>
  execa("sh", ["-c", `exec make ${target} 2>&1`], {
    cwd: checkout,
    // As in a terminal. Below another make, make would print the folder that it enters.
    env: { [markName]: mark, NO_COLOR: "1", MAKELEVEL: undefined, MAKEFLAGS: undefined, MFLAGS: undefined },
    all: true,
    reject: false,
    detached: true,
    stdin: "ignore",
  });

/** The output of `make TARGET`. @throws with the output if it failed */
async function made(target: string): Promise<string> {
  const { exitCode, all = "" } = await make(target);
  if (exitCode !== 0) throw new Error(`make ${target}: exit code ${exitCode}\n${all}`);
  return all;
}

/** The secrets of all keys in the demo's cloud. */
function secrets(): string[] {
  const file = readFileSync(join(checkout, ".demo/cloud.json"), "utf8");
  return [...file.matchAll(/"secret": ?"([^"]+)"/g)].map(([, secret = ""]) => secret);
}

/** Gives a system another role, as the demo suggests. */
function edit(from: string, to: string): void {
  const file = join(checkout, "examples/quickstart/index.ts");
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test("make demo shows who has access after a preview and an up, and no secret", async () => {
  const all = await made("demo");
  expect(all).toMatch(/^The first run takes from .* to ten: /);
  expect(all).toMatch(/Preview took .*, up .*\. [1-9]\d* writes to the cloud\./);
  expect(all).toMatch(/data-warehouse +│ Production +│ project\.user/);
  expect(all).toMatch(/device-provisioning +│ Production +│ project\.admin/);
  expect(all).toMatch(/grace@example\.com +│ Example Company +│ organization\.admin/);
  const picture = readFileSync(join(checkout, "docs/images/demo.svg"), "utf8");
  // `npm run picture` creates a new one.
  expect(excerpt(all)).toEqual(linesIn(picture));
  // One for each system, and Pulumi's own.
  expect(new Set(secrets()).size).toBe(5);
  for (const secret of secrets()) expect(all).not.toContain(secret);
});

test("make demo run again changes nothing, at the same address", async () => {
  const all = await made("demo");
  expect(all).toContain("No changes: nothing was written.");
  expect(all).not.toContain("The first run");
});

test("another role in the program is one write", async () => {
  edit('staging: "project.developer"', 'staging: "project.user"');
  const all = await made("demo");
  expect(all).toContain("1 write to the cloud.");
  expect(all).toMatch(/alarm-center +│ Staging +│ project\.user/);
});

test("Ctrl-C ends the emulator and everything else, and the next run continues", async () => {
  edit('staging: "project.user",\n  },\n  // Registers', 'staging: "project.admin",\n  },\n  // Registers');
  const running = make("demo");
  let printed = "";
  for await (const chunk of running.all!) {
    printed += String(chunk);
    if (printed.includes("pulumi up")) break;
  }
  const url = /http:\/\/\S+/.exec(printed)![0];
  process.kill(-running.pid!, "SIGINT");
  if (running.exitCode === null) await once(running, "exit");
  expect(running.exitCode === 0 && running.signalCode === null).toBe(false);
  await expect(fetch(url)).rejects.toThrow();
  expect(await killStrays(RUN_MARK)).toEqual([]);

  const all = await made("demo");
  expect(all).toMatch(/alarm-center +│ Staging +│ project\.admin/);
});

test("make demo-down destroys the demo's resources and leaves no file", async () => {
  const all = await made("demo-down");
  expect(all).toContain("21 deleted");
  for (const file of [".demo", "Pulumi.demo.yaml"]) expect(existsSync(join(checkout, file))).toBe(false);
  expect(await made("demo-down")).toContain("There is no demo to take away.");
});
