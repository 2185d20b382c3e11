import { createHash, randomUUID } from "node:crypto";
import { agreeOnStackId } from "./claimsLog.js";
import { deployment, isStartedByEngine } from "../machine/deployment.js";
import { backendUrl, organizationName, stateOf, type Recorded } from "./recordedState.js";
import { stackOf } from "./urns.js";

/**
 * Identifies the state that the engine works with. Two backends may each have a stack of the same name, even in the
 * same folder. An operation that began in one of them must not be resumed in the other. So the resources of a stack
 * share an id, which their outputs contain. A state without an id, such as an empty one, is identified by its place:
 * the program's folder and the backend.
 */

/** What a journal entry records about the state that its operation began for. */
export interface Origin {
  /** The stack's id. Absent if the state could not be read. */
  readonly stackId?: string | undefined;
  /** Whether a state had this id. Otherwise the run generated it. */
  readonly isIdRecorded?: boolean | undefined;
  /** A hash of the program's folder, the backend and the organization. */
  readonly place: string;
}

interface World {
  /** The ids found in states, with the number of resources that have each one. */
  readonly ids: Map<string, number>;
  recorded: readonly Recorded[] | undefined;
  /** The id that this deployment uses if no state has one. */
  proposed?: string;
}

const worlds = new Map<string, World>();
const learning = new Map<string, Promise<World>>();

function worldOf(urn: string): World {
  const key = keyOf(urn);
  const world: World = worlds.get(key) ?? { ids: new Map<string, number>(), recorded: undefined };
  worlds.set(key, world);
  return world;
}

const keyOf = (urn: string): string => `${deployment()} ${stackOf(urn)}`;

/** Notes the stack id in a state. States of earlier versions don't have one. */
export function noteStackId(urn: string, id: string | undefined): void {
  if (urn !== "" && id !== undefined) count(worldOf(urn), id);
}

/**
 * Asks Pulumi for the state of the stack, once in each process.
 *
 * @returns the recorded resources; undefined if the state can't be read
 */
export async function learnState(urn: string): Promise<readonly Recorded[] | undefined> {
  if (stackOf(urn) === "") return undefined;
  const known = learning.get(keyOf(urn)) ?? learn(urn);
  learning.set(keyOf(urn), known);
  return (await known).recorded;
}

async function learn(urn: string): Promise<World> {
  const world = worldOf(urn);
  const [recorded] = await Promise.all([stateOf(urn), learnPlace()]);
  world.recorded = recorded;
  for (const { outputs } of recorded ?? []) {
    // Every resource of this provider has an `apiUrl`.
    if (typeof outputs.apiUrl === "string" && typeof outputs.stackId === "string")
      count(world, outputs.stackId);
  }
  return world;
}

function count({ ids }: World, id: string): void {
  ids.set(id, (ids.get(id) ?? 0) + 1);
}

/** The id that a new resource of the stack gets. */
export function stackIdFor(urn: string): string | undefined {
  if (stackOf(urn) === "") return undefined;
  const world = worldOf(urn);
  return recordedId(world) ?? (world.proposed ??= agreeOnStackId(`${stackOf(urn)} ${place()}`, randomUUID()));
}

/** The most frequent id. A resource that was moved from another stack has the id of that stack. */
function recordedId({ ids }: World): string | undefined {
  const byFrequency = [...ids].sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1));
  return byFrequency[0]?.[0];
}

/** What the journal records about the state that an operation begins for. */
export function originFor(urn: string): Origin {
  const world = worldOf(urn);
  const isIdRecorded = recordedId(world) !== undefined;
  // A state that can't be read may still have an id.
  if (!isIdRecorded && world.recorded === undefined) return { place: place() };
  return { stackId: stackIdFor(urn), isIdRecorded, place: place() };
}

/**
 * Whether an operation began for the current state of the stack. Either the state has the operation's id, or no state
 * had that id and the operation began in the same place.
 */
export function isOfPresentState(urn: string, { stackId, isIdRecorded, place: itsPlace }: Origin): boolean {
  const { ids, recorded } = worldOf(urn);
  if (stackId !== undefined && ids.has(stackId)) return true;
  // A state that can't be read, and that has not shown any id yet, may have this one.
  const isIdKnown = ids.size > 0 || recorded !== undefined;
  if (stackId !== undefined && isIdRecorded === true && isIdKnown) return false;
  return itsPlace === place() || (stackId === undefined && itsPlace === placeOfEarlierVersions());
}

let backend: Promise<string | undefined> | undefined;
let backendHere: string | undefined;

async function learnPlace(): Promise<void> {
  if (isStartedByEngine()) backendHere = await (backend ??= backendUrl());
}

function place(): string {
  const url = backendHere ?? process.env.PULUMI_BACKEND_URL ?? "";
  // `~` is another folder for another user.
  const home = url.startsWith("file://~") ? (process.env.HOME ?? "") : "";
  return hashOf([process.cwd(), url + home, organizationName() ?? ""]);
}

const placeOfEarlierVersions = (): string => hashOf([process.cwd(), process.env.PULUMI_BACKEND_URL ?? ""]);

const hashOf = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
