import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { dotnetPackage } from "./finish/dotnet";
import { goModule } from "./finish/go";
import { nodejsPackage } from "./finish/nodejs";
import { pythonPackage } from "./finish/python";
import { runGenerators } from "./generator";
import type { SdkLanguage } from "./languages";
import type { PackageSchema } from "./packageSchema";
import { writeReadme } from "./readme";

/** Completes the generated code, so that the language's own tools can build and publish it. */
const finishers = {
  nodejs: nodejsPackage,
  python: pythonPackage,
  go: goModule,
  dotnet: dotnetPackage,
} satisfies Record<SdkLanguage, (folder: string, schema: PackageSchema) => void>;

/**
 * Writes an SDK for each language to the folder `out`/LANGUAGE, and replaces the one that is there. The same
 * schema gives the same files.
 *
 * @throws Error that says what to install, or what is wrong with the schema
 */
export async function generateSdks(wish: {
  /** The path of the schema. */
  schema: string;
  out: string;
  languages: readonly SdkLanguage[];
}): Promise<void> {
  const schema = JSON.parse(readFileSync(wish.schema, "utf8")) as PackageSchema;
  mkdirSync(wish.out, { recursive: true });
  const scratch = mkdtempSync(join(wish.out, ".unfinished-"));
  try {
    await runGenerators(resolve(wish.schema), scratch, wish.languages);
    for (const language of wish.languages) {
      const folder = join(scratch, language);
      finishers[language](folder, schema);
      writeReadme(language, folder, schema);
      cpSync(resolve(__dirname, "../../LICENSE"), join(folder, "LICENSE"));
      rmSync(join(wish.out, language), { recursive: true, force: true });
      renameSync(folder, join(wish.out, language));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
