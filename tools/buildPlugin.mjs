// Writes the provider plugin: one file that needs Node.js and nothing else.
// This is plain JavaScript because tools/build.mjs calls it.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** Writes the schema and the plugin into a folder: `schema.json` and `pulumi-resource-disruptive`. */
export async function buildPlugin(folder) {
  mkdirSync(folder, { recursive: true });
  const schema = join(folder, "schema.json");
  const { status } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(root, "tools/schema/main.ts"), "--out", schema],
    { cwd: root, stdio: ["ignore", 2, 2] },
  );
  if (status !== 0) throw new Error("the schema can't be written");
  await bundle(folder);
}

async function bundle(folder) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const outfile = join(folder, "pulumi-resource-disruptive");
  await build({
    entryPoints: [join(root, "plugin/main.ts")],
    outfile,
    bundle: true,
    minify: true,
    // Names of classes are in messages.
    keepNames: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "eof",
    logLevel: "warning",
    banner: { js: "#!/usr/bin/env node" },
    define: {
      PACKAGE_VERSION: JSON.stringify(version),
      PULUMI_SCHEMA: JSON.stringify(readFileSync(join(folder, "schema.json"), "utf8")),
    },
  });
  chmodSync(outfile, 0o755);
}
