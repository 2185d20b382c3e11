// Creates everything that takes long before any test runs, so that no test's time limit has to include it.
import { ensureLanguages, languages } from "../../../tools/pulumi-cli/languages";
import { say } from "../../../tools/say";
import { prepareGenerators } from "../../../tools/sdkgen/generator";
import { pulumiPython } from "../../languages/pulumiPython";
import { packedProject } from "./packed";

void prepare();

async function prepare(): Promise<void> {
  await packedProject();
  // Each language by itself: tests run in the ones that this machine can have, and report the others.
  for (const language of languages) await attempt(() => ensureLanguages([language]));
  await attempt(prepareGenerators);
  await attempt(() => Promise.resolve(pulumiPython()));
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
}
