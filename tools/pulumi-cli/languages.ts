import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { alone, cacheFolder, inScratch } from "../cache";
import { say } from "../say";
import { buildHost } from "./build";
import { cachedBin, ensurePulumiCli, findPulumiCli } from "./ensure";
import { missingFor } from "./installed";

/** The programs that the engine starts for each language. Node.js is not here, because every CLI that we build has it. */
const programs = {
  yaml: ["pulumi-language-yaml"],
  python: ["pulumi-language-python", "pulumi-language-python-exec"],
  go: ["pulumi-language-go"],
} as const;

export type Language = keyof typeof programs;
export const languages = Object.keys(programs) as Language[];

/**
 * Finds or installs a Pulumi CLI that runs programs in these languages. The official CLI has all hosts. For
 * a CLI that we built from Go modules, it builds the missing ones.
 *
 * @returns the folder that holds `pulumi`
 * @throws a message that says what to install
 */
export async function ensureLanguages(wanted: readonly Language[]): Promise<string> {
  const folder = await ensurePulumiCli();
  const cache = cacheFolder("pulumi");
  const missing = () => wanted.filter((language) => missingFor(folder, programs[language]) !== undefined);
  if (missing().length === 0) return folder;
  if (folder !== cachedBin(cache)) throw new Error(lackIn(folder, missing()[0]));
  await alone(
    cache,
    async () => {
      // The process that held the lock before us may have built some of them.
      for (const language of missing())
        await inScratch(cache, async (scratch) => {
          await buildHost(language, scratch);
          // Tests may run from this folder, so each file moves in one step, and the host itself last.
          for (const file of readdirSync(scratch).sort().reverse())
            renameSync(join(scratch, file), join(folder, file));
        });
    },
    () => say("another process is building; waiting for it"),
  );
  return folder;
}

/** Why programs in a language can't run on this machine now; undefined if they can. Builds nothing. */
export async function lackOf(language: Language): Promise<string | undefined> {
  const found = await findPulumiCli();
  if ("lack" in found) return found.lack;
  return missingFor(found.folder, programs[language]) === undefined
    ? undefined
    : lackIn(found.folder, language);
}

function lackIn(folder: string, language: Language | undefined): string {
  const [host = ""] = language === undefined ? [] : programs[language];
  return (
    `The Pulumi CLI in ${folder} has no ${host}. ` +
    (folder === cachedBin(cacheFolder("pulumi"))
      ? `Build it: npm run pulumi-cli -- --languages ${language ?? ""}`
      : "Install the official CLI, which has it: https://www.pulumi.com/docs/install/")
  );
}
