import { rmSync } from "node:fs";
import { join } from "node:path";
import { alone, cacheFolder, inScratch, moveTo } from "../cache";
import { say } from "../say";
import { build } from "./build";
import { download } from "./download";
import { findIn, findOnPath } from "./installed";
import { PINNED_VERSION } from "./version";

/**
 * Finds or installs a Pulumi CLI with its Node.js hosts. Tries in this order: PATH, our cache, the official
 * download, a build from Go modules. Prints its progress on stderr. Safe to run several times at once.
 *
 * @returns the folder that holds `pulumi`; put it first on PATH
 * @throws a message that says what to install, if every way fails
 */
export async function ensurePulumiCli(): Promise<string> {
  const ready = await findPulumiCli();
  if ("folder" in ready) return ready.folder;
  say(`Pulumi CLI: ${ready.lack}`);
  const cache = cacheFolder("pulumi");
  return alone(
    cache,
    () => provide(cache),
    () => say("another process is making one; waiting for it"),
  );
}

/** Finds an installed Pulumi CLI: on PATH or in our cache. */
export async function findPulumiCli(): Promise<{ folder: string } | { lack: string }> {
  const onPath = await findOnPath();
  if ("folder" in onPath) return onPath;
  const cached = await findIn(cachedBin(cacheFolder("pulumi")));
  return "folder" in cached ? cached : { lack: `${onPath.lack}, and none in our cache` };
}

async function provide(cache: string): Promise<string> {
  const bin = cachedBin(cache);
  // The process that held the lock before us may have installed it.
  if ("folder" in (await findIn(bin))) return bin;
  // One that does not work.
  rmSync(join(cache, PINNED_VERSION), { recursive: true, force: true });
  return inScratch(cache, async (scratch) => {
    if (!(await download(scratch))) await build(scratch);
    const made = await findIn(join(scratch, "bin"));
    if ("lack" in made) throw new Error(`The new Pulumi CLI is not usable: ${made.lack}`);
    moveTo(join(cache, PINNED_VERSION), scratch);
    say(`Pulumi ${PINNED_VERSION} is now in ${bin}`);
    return bin;
  });
}

/** The folder that our own `pulumi` is in. */
export const cachedBin = (cache: string): string => join(cache, PINNED_VERSION, "bin");
