import { execa } from "execa";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packedProject } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";
import { installed } from "./installed";

jest.setTimeout(180_000);

const versions = { jest: "30.5.2", vitest: "3.2.4" };
const page = readFileSync(join(__dirname, "../../docs/in-your-own-tests.md"), "utf8");

/** The example for a test runner, as on the page. */
function exampleFor(title: string): string {
  const [, section = ""] = page.split(`## ${title}\n`);
  const [, code = ""] = /```js\n([^]*?)```/.exec(section) ?? [];
  return code;
}

/** A project after `npm install pulumi-dt RUNNER`, without any configuration. */
async function projectWith(file: string, code: string): Promise<string> {
  const folder = scratchFolder("project");
  const runners = await installed(`runners-${Object.values(versions).join("-")}`, versions);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(await packedProject(), "node_modules/pulumi-dt"), join(folder, "node_modules/pulumi-dt"));
  for (const name of Object.keys(versions))
    symlinkSync(join(runners, "node_modules", name), join(folder, "node_modules", name));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true }));
  writeFileSync(join(folder, file), code);
  return folder;
}

const run = (cwd: string, program: string, ...args: string[]) =>
  execa(process.execPath, [join("node_modules", program), ...args], { cwd, reject: false, all: true });

test("the emulator runs in plain jest, as the page shows it", async () => {
  const folder = await projectWith("access.test.js", exampleFor("jest"));
  const { exitCode, all } = await run(folder, "jest/bin/jest.js", "--no-watchman");
  expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
  expect(all).toContain("1 passed");
});

test("the emulator runs in vitest, as the page shows it", async () => {
  const folder = await projectWith("access.test.mjs", exampleFor("vitest"));
  const { exitCode, all } = await run(folder, "vitest/vitest.mjs", "run");
  expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
  expect(all).toContain("1 passed");
});
