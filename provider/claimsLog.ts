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
import { engine, isStartedByEngine } from "./deployment.js";
import { defaultJournalFolder, journalFolder } from "./journalFile.js";

/**
 * The log that the program and all provider processes of one deployment share: an explicit provider is a process of its own. Each
 * provider reads its own lines back, so that all agree on the order. Where the log can't be kept, a process knows only what it has
 * seen itself, and what Pulumi has recorded.
 */

const Line = v.object({
  /**
   * `declared`: the program declares that the resource holds these things. `given`: the resource has got them. `leaves`: its deletion
   * begins. `stays`: its deletion has failed.
   */
  event: v.picklist(["declared", "given", "leaves", "stays"]),
  urn: v.string(),
  madeAt: v.optional(v.string()),
  names: v.array(v.string()),
  /** Which process has written the line. */
  process: v.string(),
});
type Line = v.InferOutput<typeof Line>;

export type Entry = Pick<Line, "event" | "urn" | "madeAt"> & { readonly names: readonly string[] };

/** What a program declares: a resource, and the API's names of the things that it is to hold. */
export interface Declaration {
  readonly urn: string;
  readonly names: readonly string[];
}

const thisProcess = randomUUID();

/** How many bytes of a log were read, by its path. */
const readBytes = new Map<string, number>();
const cleaned = new Set<string>();
const day = 24 * 3_600_000;

/** One log for each engine: no two have the same port at the same time. */
const fileName = (engine: string): string => {
  const [port = engine] = /\d+$/.exec(engine) ?? [];
  return `${createHash("sha256").update(`engine ${port}`).digest("hex").slice(0, 32)}.jsonl`;
};

function append(engine: string, entries: readonly Entry[]): void {
  attempt(() => {
    const folder = join(journalFolder(), "claims");
    if (!cleaned.has(folder)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      removeOld(folder);
      cleaned.add(folder);
    }
    const lines = entries.map((entry) => `${JSON.stringify({ ...entry, process: thisProcess })}\n`);
    appendFileSync(join(folder, fileName(engine)), lines.join(""), { mode: 0o600 });
  });
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
  if (isStartedByEngine()) append(engine(), [{ event, urn, madeAt, names }]);
}

/** The same for a program, which knows the address of its engine. */
export const appendDeclarations = (engine: string, declarations: readonly Declaration[]): void =>
  append(
    engine,
    declarations.map((declaration) => ({ event: "declared", ...declaration })),
  );

/** What was written since the last call, and whether this process wrote it. */
export function readFromLog(): readonly { readonly entry: Entry; readonly isOwn: boolean }[] {
  if (!isStartedByEngine()) return [];
  // The program of the Automation API may run in another environment than its engine and the providers.
  const folders = new Set([journalFolder(), defaultJournalFolder()]);
  return [...folders]
    .flatMap((folder) => attempt(() => linesSince(join(folder, "claims", fileName(engine())))) ?? [])
    .map((entry) => ({ entry, isOwn: entry.process === thisProcess }));
}

function linesSince(path: string): Line[] {
  const descriptor = openSync(path, "r");
  try {
    const read = readBytes.get(path) ?? 0;
    const size = fstatSync(descriptor).size - read;
    if (size <= 0) return [];
    const bytes = Buffer.alloc(size);
    const count = readSync(descriptor, bytes, 0, size, read);
    const end = bytes.subarray(0, count).lastIndexOf("\n") + 1;
    readBytes.set(path, read + end);
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
