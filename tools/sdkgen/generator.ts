import { execa } from "execa";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { alone, cacheFolder, inScratch, moveTo } from "../cache";
import { go, requireGo } from "../pulumi-cli/go";
import { timed } from "../say";
import type { SdkLanguage } from "./languages";

/** The builds of the generator, each with its languages and Go's options. See main.go for the reason. */
const builds = [
  { name: "sdkgen", languages: ["nodejs", "python", "go"], options: [] },
  { name: "sdkgen-dotnet", languages: ["dotnet"], options: ["-modfile=dotnet.mod", "-tags", "dotnet"] },
] as const satisfies readonly {
  name: string;
  languages: readonly SdkLanguage[];
  options: readonly string[];
}[];
type Build = (typeof builds)[number];

/** Writes what Pulumi's generators make of a schema to `out`/LANGUAGE. */
export async function runGenerators(
  schema: string,
  out: string,
  languages: readonly SdkLanguage[],
): Promise<void> {
  for (const build of builds) {
    const wanted = languages.filter((language) => (build.languages as readonly string[]).includes(language));
    if (wanted.length === 0) continue;
    const { failed, stderr } = await execa(await ensure(build), [schema, out, ...wanted], { reject: false });
    if (failed) throw new Error(stderr);
  }
}

/** Builds all generators, so that no test has to wait for that. @throws a message that says what to install */
export async function prepareGenerators(): Promise<void> {
  for (const build of builds) await ensure(build);
}

/** The program of a build, from the cache or from Go modules. */
async function ensure({ name, options }: Build): Promise<string> {
  const cache = cacheFolder(name);
  const built = join(cache, hashOfSources());
  const program = join(built, name);
  if (existsSync(program)) return program;
  await requireGo(
    "No Go to build the SDK generator with. Install Go, 1.25 or later: https://go.dev/doc/install",
  );
  await alone(cache, () =>
    inScratch(cache, async (scratch) => {
      if (existsSync(program)) return;
      await timed(`building ${name} from Go modules; once, up to 3 minutes on 2 cores`, () =>
        go(__dirname, "build", ...options, "-trimpath", "-ldflags", "-s -w", "-o", join(scratch, name), "."),
      );
      removeOld(cache);
      moveTo(built, scratch);
    }),
  );
  return program;
}

/** Removes earlier builds. Another clone may still use one that is not old. */
function removeOld(cache: string): void {
  const day = 86_400_000;
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (Date.now() - statSync(folder).mtimeMs > day) rmSync(folder, { recursive: true, force: true });
  }
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const sources = readdirSync(__dirname).filter((name) => /\.(go|mod|sum)$/.test(name));
  for (const name of sources.sort()) hash.update(name).update(readFileSync(join(__dirname, name)));
  return hash.digest("hex").slice(0, 20);
}
