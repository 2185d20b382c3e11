// Writes the files of a release: npm run release:assets -- --out FOLDER [--standalone]
//
// They are the plugin's archive for each system, and SHA256SUMS. With --standalone, also an archive for this
// system that runs without Node.js.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeArchive, writeStandaloneArchive } from "../plugin/archive";
import { builtPlugin } from "../plugin/built";
import { archiveName, platforms, thisPlatform } from "../plugin/platforms";
import { makeStandalone } from "../plugin/standalone";
import { say } from "../say";

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: "string", default: "" }, standalone: { type: "boolean", default: false } },
  });
  if (values.out === "") throw new Error("Name a folder: npm run release:assets -- --out FOLDER");
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  const { plugin, version } = builtPlugin();
  for (const platform of platforms)
    await writeArchive(plugin, version, platform, join(out, archiveName(version, platform)));
  if (values.standalone) await standalone(plugin, version, out);
  writeSums(out);
  for (const file of readdirSync(out)) console.log(`${file} (${size(join(out, file))})`);
}

async function standalone(plugin: string, version: string, out: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-standalone-"));
  try {
    const platform = thisPlatform();
    const name = archiveName(version, platform).replace(/\.tar\.gz$/, "-standalone.tar.gz");
    await writeStandaloneArchive(await makeStandalone(plugin, folder), platform, join(out, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In the format of sha256sum. Covers every file in the folder, so that SDKs may be put there before. */
function writeSums(folder: string): void {
  const files = readdirSync(folder).filter((file) => file !== "SHA256SUMS");
  const lines = files.sort().map(
    (file) =>
      `${createHash("sha256")
        .update(readFileSync(join(folder, file)))
        .digest("hex")}  ${file}\n`,
  );
  writeFileSync(join(folder, "SHA256SUMS"), lines.join(""));
}

function size(file: string): string {
  const bytes = statSync(file).size;
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
