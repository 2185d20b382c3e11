import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { journalFolder } from "./journalFile.js";

const turns = new Map<string, Promise<unknown>>();

/**
 * Does work that looks before it writes one at a time for each name: in this process, and, since every provider of a program has a
 * process of its own, among all processes of this user on this machine.
 *
 * @throws Error when another process does not end its turn.
 */
export function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const done = (turns.get(name) ?? Promise.resolve()).then(() => amongProcesses(name, work));
  turns.set(
    name,
    done.catch(() => undefined),
  );
  return done;
}

/** Who does not stir for so long, in milliseconds, was killed. */
const stale = 10_000;
const retries = { retries: 300, factor: 1, minTimeout: 100, maxTimeout: 200, randomize: true };

async function amongProcesses<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = writableFolder();
  if (folder === undefined) return work();
  const { default: lockfile } = await import("proper-lockfile");
  const file = join(folder, createHash("sha256").update(name).digest("hex").slice(0, 20));
  const release = await lockfile.lock(file, { realpath: false, stale, retries }).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      code === "ELOCKED" ? `another run is at work on ${name}, and does not end: try again` : message,
    );
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

function writableFolder(): string | undefined {
  const folder = join(journalFolder(), "turns");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return undefined; // as with the journal: work goes on without
  }
}
