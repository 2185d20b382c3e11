import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { create } from "tar";
import type { Platform } from "./platforms";

const repository = resolve(__dirname, "../..");
const program = "pulumi-resource-disruptive";

/**
 * Writes the archive that `pulumi plugin install … --file` and the engine's own download accept. The same
 * program gives the same bytes.
 *
 * @param plugin the bundled plugin, one file that needs Node.js
 * @param archive the path of the new file
 */
export async function writeArchive(
  plugin: string,
  version: string,
  { os }: Platform,
  archive: string,
): Promise<void> {
  await pack(archive, (folder) => {
    copyFileSync(plugin, join(folder, program));
    // A package.json in the user's home could declare that all files below are ES modules.
    writeFileSync(
      join(folder, "package.json"),
      `${JSON.stringify({ name: program, version, private: true, type: "commonjs" }, null, 2)}\n`,
    );
    // On Windows, the engine looks for .exe and .cmd.
    if (os === "windows") writeFileSync(join(folder, `${program}.cmd`), `@node "%~dp0${program}" %*\r\n`);
  });
}

/** Writes the archive of a program that runs without Node.js. */
export async function writeStandaloneArchive(
  executable: string,
  { os }: Platform,
  archive: string,
): Promise<void> {
  await pack(archive, (folder) =>
    copyFileSync(executable, join(folder, os === "windows" ? `${program}.exe` : program)),
  );
}

async function pack(archive: string, fill: (folder: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-archive-"));
  try {
    fill(folder);
    copyFileSync(join(repository, "LICENSE"), join(folder, "LICENSE"));
    const files = readdirSync(folder).sort();
    for (const file of files) chmodSync(join(folder, file), file.startsWith(program) ? 0o755 : 0o644);
    // The archive holds nothing about this machine: no owner and no time.
    await create(
      { file: archive, cwd: folder, gzip: { level: 9 }, portable: true, mtime: new Date(0) },
      files,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
