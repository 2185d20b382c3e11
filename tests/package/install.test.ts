import { execa } from "execa";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { startEmulator } from "../../emulator";
import { engineEnvironment } from "../engine/harness/environment";
import { npm } from "../engine/harness/npm";
import { afterwards, scratchFolder } from "../engine/harness/scratch";
import { copyOfCheckout, copyOfSources } from "../tools/checkout";

// For a git dependency, npm installs about 500 packages that the build needs.
jest.setTimeout(300_000);

const program = `const dt = require("pulumi-dt");
const account = new dt.ServiceAccount("erp", { project: process.env.PROJECT, displayName: "ERP" });
exports.email = account.email;`;

/** Installs the package from this source into an empty project, and runs a program there on the real engine. */
async function runWith(source: string): Promise<string> {
  const folder = scratchFolder("project");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true }));
  await npm(folder, "install", "--no-audit", "--prefer-offline", source);
  writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "test", runtime: "nodejs" }));
  writeFileSync(join(folder, "index.js"), program);
  const emulator = await startEmulator();
  afterwards(() => emulator.close());
  const PROJECT = emulator.cloud.projects.list()[0]!.name;
  const env = await engineEnvironment(scratchFolder("engine"), { ...emulator.settings, PROJECT });
  const pulumi = (...args: string[]) => execa("pulumi", [...args, "--non-interactive"], { cwd: folder, env });
  await pulumi("stack", "init", "test");
  await pulumi("up", "--yes", "--skip-preview");
  return (await pulumi("stack", "output", "email")).stdout;
}

const emailOfAccount = /@.*\.serviceaccount\.d21s\.com$/;

test("a program runs with the package from a git URL, which npm builds during the install", async () => {
  const clone = await copyOfSources();
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: clone });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "All");
  expect(existsSync(join(clone, "dist"))).toBe(false);
  expect(await runWith(`git+file://${clone}`)).toMatch(emailOfAccount);
});

test("a program runs with the tarball of a fresh clone, which contains nothing from an earlier build", async () => {
  const clone = await copyOfCheckout();
  mkdirSync(join(clone, "dist/sdk"), { recursive: true });
  writeFileSync(join(clone, "dist/sdk/gone.js"), "");
  writeFileSync(join(clone, "dist/sdk/index.js"), "throw new Error('stale')");
  const { stdout } = await npm(clone, "pack", "--json");
  const [tarball] = Object.values(
    JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>,
  );
  const paths = tarball!.files.map(({ path }) => path);
  expect(paths).toContain("dist/sdk/index.js");
  expect(paths).not.toContain("dist/sdk/gone.js");
  expect(await runWith(join(clone, tarball!.filename))).toMatch(emailOfAccount);
});

test("code that does not compile is not packed", async () => {
  const clone = await copyOfCheckout();
  writeFileSync(join(clone, "sdk/broken.ts"), "export const broken: number = '';\n");
  const { exitCode, stderr } = await npm(clone, "pack").catch(
    (error: unknown) => error as { exitCode: number; stderr: string },
  );
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("sdk/broken.ts");
  expect(stderr).toContain("pulumi-dt: the build failed");
});

test("a build without installed packages installs them first", async () => {
  const clone = await copyOfSources();
  const bin = scratchFolder("bin");
  const log = join(bin, "log");
  const packages = join(__dirname, "../../node_modules");
  // Stands for the real npm, which takes a minute.
  writeFileSync(join(bin, "npm"), `#!/bin/sh\necho "$@" > ${log}\nln -s ${packages} node_modules\n`, {
    mode: 0o755,
  });
  const { stderr } = await execa(process.execPath, ["tools/build.mjs"], {
    cwd: clone,
    env: { PATH: [bin, process.env.PATH].join(delimiter) },
  });
  expect(stderr).toContain("installing what the build needs");
  expect(readFileSync(log, "utf8")).toMatch(/^ci .*--include=dev/);
  expect(existsSync(join(clone, "dist/sdk/index.js"))).toBe(true);
});
