import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Older engines lack two features that we need: `read` that returns inputs, and `preview --refresh --run-program`. */
export const OLDEST_VERSION = "3.248.0";

/** The version that we download or build. The Go module pins it, so that it is set in one place. */
export const PINNED_VERSION = pinned();

function pinned(): string {
  const goMod = readFileSync(join(__dirname, "engine/go.mod"), "utf8");
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(goMod)?.[1];
  if (version === undefined) throw new Error("tools/pulumi-cli/engine/go.mod names no version of the engine");
  return version;
}
