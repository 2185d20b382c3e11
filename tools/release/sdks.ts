// Packs the SDKs for a release: npm run release:sdks -- --out FOLDER
//
// Writes an npm package, a Python wheel, and the sources for Go and .NET.
import { execa } from "execa";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { create } from "tar";
import { say } from "../say";
import { sdkLanguages, type SdkLanguage } from "../sdkgen/languages";
import { generateSdks } from "../sdkgen/sdks";

const repository = resolve(__dirname, "../..");

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: "string", default: "" } } });
  if (values.out === "") throw new Error("Name a folder: npm run release:sdks -- --out FOLDER");
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  const sdks = mkdtempSync(join(tmpdir(), "pulumi-dt-sdks-"));
  try {
    const schema = join(repository, "dist/plugin/schema.json");
    await generateSdks({ schema, out: sdks, languages: sdkLanguages });
    for (const language of sdkLanguages) await packers[language](join(sdks, language), out);
  } finally {
    rmSync(sdks, { recursive: true });
  }
  for (const file of readdirSync(out)) console.log(file);
}

/** How to pack the SDK in a folder into the folder `out`. */
const packers: Readonly<Record<SdkLanguage, (folder: string, out: string) => Promise<unknown>>> = {
  async nodejs(folder, out) {
    await execa("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder });
    await execa("npm", ["pack", "--pack-destination", out], { cwd: folder });
  },
  python: (folder, out) => execa("python3", ["-m", "pip", "wheel", "--no-deps", "--wheel-dir", out, folder]),
  go: (folder, out) => sources("go", folder, out),
  dotnet: (folder, out) => sources("dotnet", folder, out),
};

async function sources(language: SdkLanguage, folder: string, out: string): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  const file = join(out, `pulumi-disruptive-${language}-${version}.tar.gz`);
  await create(
    { file, cwd: folder, gzip: { level: 9 }, portable: true, mtime: new Date(0) },
    readdirSync(folder),
  );
}
