import { createHash, randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { deployment, isStartedByEngine } from "./deployment.js";
import { appendPrivate, openPrivate, privateFolder } from "./privateFiles.js";

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

/** Proposes an id for a stack whose state has none. */
const Proposal = v.object({ event: v.literal("stackId"), stack: v.string(), stackId: v.string() });
type Proposal = v.InferOutput<typeof Proposal>;

const thisProcess = randomUUID();

interface Log {
  readonly path: string;
  /** How many bytes of it were read. */
  read: number;
  /** Lines that were read and nobody has asked for yet. */
  readonly waiting: Line[];
  readonly proposals: Proposal[];
}

let log: Log | undefined;
const day = 24 * 3_600_000;

function openLog(): Log | undefined {
  if (!isStartedByEngine()) return undefined;
  const name = `${createHash("sha256").update(deployment()).digest("hex").slice(0, 32)}.jsonl`;
  const folder = privateFolder("claims");
  if (log?.path === join(folder, name)) return log;
  removeOld(folder);
  return (log = { path: join(folder, name), read: 0, waiting: [], proposals: [] });
}

/** Another deployment may have had the same address some day. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > day) rmSync(path, { force: true });
    } catch {
      // Another process may have removed it, or it is no file of ours.
    }
  }
}

/** Never fails: without the log each process knows only its own part. */
export function appendToLog({ event, urn, madeAt, names }: Entry): void {
  attempt((file) => append(file, { event, urn, madeAt, names: [...names], process: thisProcess }));
}

/** What was written since the last call, and whether this process wrote it. */
export function readFromLog(): readonly { readonly entry: Entry; readonly isOwn: boolean }[] {
  const lines = attempt((file) => {
    catchUp(file);
    return file.waiting.splice(0);
  });
  return (lines ?? []).map((entry) => ({ entry, isOwn: entry.process === thisProcess }));
}

/**
 * Agrees with the other provider processes of the deployment on an id for a stack whose state has none: the first proposal wins.
 *
 * @param stack which stack, and where its state is kept: an address of the engine comes again, so the log may be that of an earlier run
 * @param proposed the id, where nobody has proposed one yet
 */
export function agreeOnStackId(stack: string, proposed: string): string {
  const agreed = attempt((file) => {
    append(file, { event: "stackId", stack, stackId: proposed });
    catchUp(file);
    return file.proposals.find((each) => each.stack === stack)?.stackId;
  });
  return agreed ?? proposed;
}

const append = ({ path }: Log, line: Line | Proposal): void =>
  appendPrivate(path, `${JSON.stringify(line)}\n`);

function catchUp(file: Log): void {
  for (const text of linesSince(file)) {
    const [line, proposal] = [parse(Line, text), parse(Proposal, text)];
    if (line !== undefined) file.waiting.push(line);
    if (proposal !== undefined) file.proposals.push(proposal);
  }
}

function linesSince(file: Log): string[] {
  const descriptor = openPrivate(file.path, constants.O_RDONLY);
  try {
    const size = fstatSync(descriptor).size - file.read;
    if (size <= 0) return [];
    const bytes = Buffer.alloc(size);
    const count = readSync(descriptor, bytes, 0, size, file.read);
    const end = bytes.subarray(0, count).lastIndexOf("\n") + 1;
    file.read += end;
    return bytes.subarray(0, end).toString("utf8").split("\n");
  } finally {
    closeSync(descriptor);
  }
}

function parse<const S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> | undefined {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Undefined where there is no log, or where it can't be used. */
function attempt<T>(work: (file: Log) => T): T | undefined {
  try {
    const file = openLog();
    return file === undefined ? undefined : work(file);
  } catch {
    return undefined;
  }
}
