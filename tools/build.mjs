// Compiles the package into dist. Deletes the old dist first, so that it holds no file of an earlier build.
// This is plain JavaScript because `npm pack` may run it in a clone before anything is installed.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const compiler = join(root, "node_modules/typescript/bin/tsc");
// Set if the caller installs first and builds afterwards: npm calls this script at the end of an install.
const installing = "PULUMI_DT_NO_BUILD";

if (process.env[installing] === undefined) {
  try {
    await build();
  } catch (error) {
    console.error(`pulumi-dt: the build failed: ${error.message}`);
    process.exitCode = 1;
  }
}

async function build() {
  if (!existsSync(compiler)) {
    console.error("pulumi-dt: installing what the build needs (npm ci)");
    // The npm that called us may tell npm ci to leave out development dependencies.
    run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], { [installing]: "1" });
  }
  const unfinished = mkdtempSync(join(root, "dist-"));
  try {
    run(process.execPath, [compiler, "-p", "tsconfig.build.json", "--outDir", unfinished]);
    chmodSync(join(unfinished, "cli/index.js"), 0o755);
    chmodSync(unfinished, 0o755);
    // Loaded only here: the packages that it needs may not have been installed before.
    const { buildPlugin } = await import("./buildPlugin.mjs");
    await buildPlugin(join(unfinished, "plugin"));
    // Replace dist in one short step: other programs may read it at any time.
    rmSync(join(root, "dist"), { recursive: true, force: true });
    renameSync(unfinished, join(root, "dist"));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function run(program, args, env = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    // npm pack --json prints its result on stdout.
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32" && program === "npm",
  });
  if (status !== 0) throw error ?? new Error(`${program} ${args[0]} exited with ${status}`);
}
