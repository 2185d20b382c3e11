import { createHash, randomUUID } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { deployment, isStartedByEngine } from "./deployment.js";
import { journalFolder } from "./journalFile.js";

/**
 * The log that all provider processes of one deployment share: an explicit provider is a process of its own. Each process reads its
 * own lines back, so that all agree on the order. Where the log can't be kept, a process knows only what it has seen itself, and what
 * Pulumi has recorded.
 */

const Line = v.object({
  /** `given`: the resource has got these things. `leaves`: its deletion begins. `stays`: its deletion has failed. */
  event: v.picklist(["given", "leaves", "stays"]),
  urn: v.string(),
  madeAt: v.optional(v.string()),
  names: v.array(v.string()),
  /** Which process has written the line. */
  process: v.string(),
});
type Line = v.InferOutput<typeof Line>;

export type Entry = Pick<Line, "event" | "urn" | "madeAt"> & { readonly names: readonly string[] };

const thisProcess = randomUUID();

interface Log {
  readonly path: string;
  /** How many bytes of it were read. */
  read: number;
}

let log: Log | undefined;
const day = 24 * 3_600_000;

function openLog(): Log | undefined {
  if (!isStartedByEngine()) return undefined;
  const name = `${createHash("sha256").update(deployment()).digest("hex").slice(0, 32)}.jsonl`;
  const folder = join(journalFolder(), "claims");
  if (log?.path === join(folder, name)) return log;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeOld(folder);
  return (log = { path: join(folder, name), read: 0 });
}

/** Another deployment may have had the same address some day. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > day) rmSync(path, { force: true });
  }
}

/** Never fails: without the log each process knows only its own part. */
export function appendToLog({ event, urn, madeAt, names }: Entry): void {
  attempt(() => {
    const file = openLog();
    if (file === undefined) return;
    const line = { event, urn, madeAt, names, process: thisProcess };
    appendFileSync(file.path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  });
}

/** What was written since the last call, and whether this process wrote it. */
export function readFromLog(): readonly { readonly entry: Entry; readonly isOwn: boolean }[] {
  const lines = attempt(() => {
    const file = openLog();
    return file === undefined ? [] : linesSince(file);
  });
  return (lines ?? []).map((entry) => ({ entry, isOwn: entry.process === thisProcess }));
}

function linesSince(file: Log): Line[] {
  const descriptor = openSync(file.path, "r");
  try {
    const size = fstatSync(descriptor).size - file.read;
    if (size <= 0) return [];
    const bytes = Buffer.alloc(size);
    const count = readSync(descriptor, bytes, 0, size, file.read);
    const end = bytes.subarray(0, count).lastIndexOf("\n") + 1;
    file.read += end;
    return bytes
      .subarray(0, end)
      .toString("utf8")
      .split("\n")
      .flatMap((text) => parse(text) ?? []);
  } finally {
    closeSync(descriptor);
  }
}

function parse(text: string): Line | undefined {
  try {
    return v.parse(Line, JSON.parse(text));
  } catch {
    return undefined;
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
