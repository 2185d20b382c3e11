import { createHash, randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { engine, isStartedByEngine } from "../machine/deployment.js";
import { appendPrivate, openPrivate, privateFolder, privateFolders } from "../machine/privateFiles.js";

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

/** Proposes an id for a stack whose state has none. */
const Proposal = v.object({ event: v.literal("stackId"), stack: v.string(), stackId: v.string() });
type Proposal = v.InferOutput<typeof Proposal>;

const thisProcess = randomUUID();

/** How many bytes of a log were read, by its path. */
const readBytes = new Map<string, number>();
/** Lines that were read and nobody has asked for yet. */
const waiting: Line[] = [];
const proposals: Proposal[] = [];
const cleaned = new Set<string>();
const day = 24 * 3_600_000;

/** One log for each engine: no two have the same port at the same time. */
const fileName = (address: string): string => {
  const [port = address] = /\d+$/.exec(address) ?? [];
  return `${createHash("sha256").update(`engine ${port}`).digest("hex").slice(0, 32)}.jsonl`;
};

function append(address: string, lines: readonly (Line | Proposal)[]): void {
  const folder = privateFolder("claims");
  if (!cleaned.has(folder)) removeOld(folder);
  cleaned.add(folder);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  appendPrivate(join(folder, fileName(address)), text);
}

/** Another deployment may have had the same address some day. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > day) rmSync(path, { force: true });
  }
}

const lineOf = ({ event, urn, madeAt, names }: Entry): Line => ({
  ...{ event, urn, names: [...names], process: thisProcess },
  ...(madeAt === undefined ? {} : { madeAt }),
});

/** Never fails: without the log each process knows only its own part. */
export function appendToLog(entry: Entry): void {
  if (isStartedByEngine()) attempt(() => append(engine(), [lineOf(entry)]));
}

/** The same for a program, which knows the address of its engine. */
export function appendDeclarations(address: string, declarations: readonly Declaration[]): void {
  const lines = declarations.map((declaration) => lineOf({ event: "declared", ...declaration }));
  attempt(() => append(address, lines));
}

/** What was written since the last call, and whether this process wrote it. */
export function readFromLog(): readonly { readonly entry: Entry; readonly isOwn: boolean }[] {
  catchUp();
  return waiting.splice(0).map((entry) => ({ entry, isOwn: entry.process === thisProcess }));
}

/**
 * Agrees with the other provider processes of the deployment on an id for a stack whose state has none: the first proposal wins.
 *
 * @param stack which stack, and where its state is kept: an address of the engine comes again, so the log may be that of an earlier run
 * @param proposed the id, where nobody has proposed one yet
 */
export function agreeOnStackId(stack: string, proposed: string): string {
  if (!isStartedByEngine()) return proposed;
  attempt(() => append(engine(), [{ event: "stackId", stack, stackId: proposed }]));
  catchUp();
  return proposals.find((each) => each.stack === stack)?.stackId ?? proposed;
}

function catchUp(): void {
  if (!isStartedByEngine()) return;
  // The program of the Automation API may run in another environment than its engine and the providers.
  for (const folder of privateFolders("claims")) {
    for (const text of attempt(() => linesSince(join(folder, fileName(engine())))) ?? []) {
      const [line, proposal] = [parse(Line, text), parse(Proposal, text)];
      if (line !== undefined) waiting.push(line);
      if (proposal !== undefined) proposals.push(proposal);
    }
  }
}

function linesSince(path: string): string[] {
  const descriptor = openPrivate(path, constants.O_RDONLY);
  try {
    const read = readBytes.get(path) ?? 0;
    const size = fstatSync(descriptor).size - read;
    if (size <= 0) return [];
    const bytes = Buffer.alloc(size);
    const count = readSync(descriptor, bytes, 0, size, read);
    const end = bytes.subarray(0, count).lastIndexOf("\n") + 1;
    readBytes.set(path, read + end);
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

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
