import { createHash, randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { engine, isStartedByEngine } from "../machine/deployment.js";
import { appendPrivate, openPrivate, privateFolder, privateFolders } from "../machine/privateFiles.js";

/**
 * The log that the program and all provider processes of one deployment share. An explicit provider runs in its own
 * process. Each provider process reads its own lines back, so that all processes agree on the order. If the log can't
 * be kept, a process knows only what it has seen itself and what Pulumi has recorded.
 */

const Line = v.object({
  /**
   * `declared`: the program declares that the resource holds these objects. `given`: the resource holds them now.
   * `leaves`: its deletion begins. `stays`: its deletion has failed.
   */
  event: v.picklist(["declared", "given", "leaves", "stays"]),
  urn: v.string(),
  madeAt: v.optional(v.string()),
  names: v.array(v.string()),
  /** When the declared access ends, as the program writes it. */
  expires: v.optional(v.string()),
  /** The process that wrote the line. */
  process: v.string(),
});
type Line = v.InferOutput<typeof Line>;

export type Entry = Pick<Line, "event" | "urn" | "madeAt" | "expires"> & {
  readonly names: readonly string[];
};

/** A resource that a program declares, and the API names of the objects that it will hold. */
export interface Declaration {
  readonly urn: string;
  readonly names: readonly string[];
  /** When the declared access ends. */
  readonly expires?: string | undefined;
}

/** Proposes an id for a stack whose state doesn't have one. */
const Proposal = v.object({ event: v.literal("stackId"), stack: v.string(), stackId: v.string() });
type Proposal = v.InferOutput<typeof Proposal>;

const thisProcess = randomUUID();

/** How many bytes of each log have been read, by its path. */
const readBytes = new Map<string, number>();
/** Lines that have been read from the log, but not yet returned by `readFromLog`. */
const waiting: Line[] = [];
const proposals: Proposal[] = [];
const cleaned = new Set<string>();
const day = 24 * 3_600_000;

/** Each engine has its own log. Two engines never have the same port at the same time. */
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

/** Removes logs that are older than a day: another deployment may have had the same address. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > day) rmSync(path, { force: true });
  }
}

const lineOf = ({ event, urn, madeAt, names, expires }: Entry): Line => ({
  ...{ event, urn, names: [...names], process: thisProcess },
  ...(madeAt === undefined ? {} : { madeAt }),
  ...(expires === undefined ? {} : { expires }),
});

/** Appends an entry. Never fails: without the log, each process knows only what it has seen itself. */
export function appendToLog(entry: Entry): void {
  if (isStartedByEngine()) attempt(() => append(engine(), [lineOf(entry)]));
}

/** Appends the declarations of a program, which knows the address of its engine. Never fails. */
export function appendDeclarations(address: string, declarations: readonly Declaration[]): void {
  const lines = declarations.map((declaration) => lineOf({ event: "declared", ...declaration }));
  attempt(() => append(address, lines));
}

/** Returns the entries written since the last call, and whether this process wrote them. */
export function readFromLog(): readonly { readonly entry: Entry; readonly isOwn: boolean }[] {
  catchUp();
  return waiting.splice(0).map((entry) => ({ entry, isOwn: entry.process === thisProcess }));
}

/**
 * Agrees with the other provider processes of the deployment on an id for a stack whose state doesn't have one. The
 * first proposal wins.
 *
 * @param stack the stack and the place of its state; engine addresses recur, so the log may be from an earlier run
 * @param proposed the id to use if nobody has proposed one yet
 */
export function agreeOnStackId(stack: string, proposed: string): string {
  if (!isStartedByEngine()) return proposed;
  attempt(() => append(engine(), [{ event: "stackId", stack, stackId: proposed }]));
  catchUp();
  return proposals.find((each) => each.stack === stack)?.stackId ?? proposed;
}

function catchUp(): void {
  if (!isStartedByEngine()) return;
  // With the Automation API, the program may run in another environment than its engine and the providers.
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
