import { join } from "node:path";
import { prepareGenerators } from "../../tools/sdkgen/generator";
import { generateSdks } from "../../tools/sdkgen/sdks";
import type { SdkLanguage } from "../../tools/sdkgen/languages";
import { goCompiler } from "../../tools/setup/tools";
import { pluginFolder } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";
import { notRun } from "../report/atEnd";

/** Generates the SDK of one language from the sources. @returns its folder */
export async function sdk(language: SdkLanguage): Promise<string> {
  const out = scratchFolder("sdks");
  const schema = join(await pluginFolder(), "schema.json");
  await generateSdks({ schema, out, languages: [language] });
  return join(out, language);
}

/**
 * Why no SDK can be generated here; undefined if it can.
 *
 * @throws if the generator itself can't be compiled
 */
export async function lackOfGenerator(): Promise<string | undefined> {
  if (!(await goCompiler.isThere())) return `There is no ${goCompiler.name}, on this machine.`;
  try {
    await prepareGenerators();
    return undefined;
  } catch (error) {
    const unreachable = /.*(dial tcp|no such host|timeout|toolchain not available).*/.exec(String(error));
    if (unreachable === null) throw error;
    return `Go can't download modules: ${unreachable[0]}`;
  }
}

/**
 * Runs the body of a test if this machine has what it needs. Otherwise the run of all tests says at its end
 * that it did not run.
 *
 * @param what the thing that is tested
 * @param lacks why it can't run here; undefined entries are fine
 */
export async function ifPossible(
  what: string,
  lacks: readonly (string | undefined)[],
  body: () => Promise<void>,
): Promise<void> {
  const lack = lacks.find((each) => each !== undefined);
  if (lack === undefined) await body();
  else notRun(`Not run: ${what}. ${lack}`);
}
