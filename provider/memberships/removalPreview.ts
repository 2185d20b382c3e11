import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { notice } from "../api/text/notice.js";
import { serverNow } from "../api/http/serverClock.js";
import { deployment } from "../machine/deployment.js";
import { privateFolder, readPrivate, replacePrivate } from "../machine/privateFiles.js";

/**
 * Members that a preview listed for removal, kept beside the journal. The update runs in another process and reads the
 * cloud again. It must not remove anybody that the preview did not show. Each resource has one small file, which only
 * the user can read.
 */
const Named = v.object({
  /** The run of the engine that made the preview. */
  deployment: v.string(),
  /** By the server's clock; RFC 3339. */
  time: v.string(),
  names: v.array(v.string()),
});
const File = v.array(Named);
type Named = v.InferOutput<typeof Named>;

/** An update ignores a preview that is older than this, in milliseconds. */
const keptFor = 24 * 3_600_000;

/**
 * Records the names that this run shows.
 *
 * @param key the URN of the resource and the URL of the API
 */
export function recordPreview(key: string, names: readonly string[]): void {
  const now: Named = {
    deployment: deployment(),
    time: new Date(serverNow()).toISOString(),
    names: [...names],
  };
  try {
    const path = pathOf(key);
    if (names.length === 0 && !existsSync(path)) return;
    // An update ignores the names of its own run, so keep those of the preview, too.
    replacePrivate(path, JSON.stringify([...latestOfOthers(key), now]));
  } catch (error) {
    if (names.length === 0) return;
    notice(
      `the members that this preview lists can't be stored (${(error as Error).message}): the update removes only members that an earlier run has stored. Set DT_JOURNAL to a folder that only you can write to`,
    );
  }
}

/** The names that the last preview before this run showed; empty if there was none on this machine. */
export const previewedRemovals = (key: string): string[] => latestOfOthers(key).flatMap(({ names }) => names);

function latestOfOthers(key: string): Named[] {
  const others = read(key).filter((each) => each.deployment !== deployment() && isRecent(each));
  return others.slice(-1);
}

const isRecent = ({ time }: Named): boolean => Math.abs(serverNow() - Date.parse(time)) < keptFor;

function read(key: string): Named[] {
  try {
    return v.parse(File, JSON.parse(readPrivate(pathOf(key))));
  } catch {
    return [];
  }
}

const pathOf = (key: string): string =>
  join(privateFolder("named"), `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
