import { createHash, randomUUID } from "node:crypto";
import { agreeOnStackId } from "./claimsLog.js";
import { deployment, isStartedByEngine } from "../machine/deployment.js";
import { backendUrl, organizationName, stateOf, type Recorded } from "./recordedState.js";
import { stackOf } from "./urns.js";

/**
 * Which state the engine keeps. Two backends may each have a stack of one name, also in one folder: what one of them has begun must
 * not be taken up in the other. So the resources of a stack share an id, which their outputs hold. A state without an id, such as an
 * empty one, is told by its place: the program's folder and the backend.
 */

/** What a journal tells of the state that something was begun for. */
export interface Origin {
  /** The stack's id; absent where the state could not be read. */
  readonly stackId?: string | undefined;
  /** Whether a state had it; otherwise that run has made it up. */
  readonly isIdRecorded?: boolean | undefined;
  /** A hash of the program's folder and the backend. */
  readonly place: string;
}

interface World {
  /** Ids that states have shown, and how many resources have each. */
  readonly ids: Map<string, number>;
  recorded: readonly Recorded[] | undefined;
  /** Of this deployment, where no state has an id. */
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

/** Notes the id that a state shows. States of earlier versions have none. */
export function noteStackId(urn: string, id: string | undefined): void {
  if (urn !== "" && id !== undefined) count(worldOf(urn), id);
}

/**
 * Asks Pulumi which state this is, once in a process.
 *
 * @returns the resources that the state has recorded; undefined where it can't be read
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
    // All that is ours has an API.
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

/** The most frequent one: a resource that was moved from another stack has the id of that one. */
function recordedId({ ids }: World): string | undefined {
  const byFrequency = [...ids].sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1));
  return byFrequency[0]?.[0];
}

/** What the journal notes of the state that something is begun for. */
export function originFor(urn: string): Origin {
  const world = worldOf(urn);
  const isIdRecorded = recordedId(world) !== undefined;
  // A state that can't be read may have an id all the same.
  if (!isIdRecorded && world.recorded === undefined) return { place: place() };
  return { stackId: stackIdFor(urn), isIdRecorded, place: place() };
}

/**
 * Whether something was begun for the present state of the stack: the state has its id, or no state had its id and it was begun in
 * the same place.
 */
export function isOfPresentState(urn: string, { stackId, isIdRecorded, place: itsPlace }: Origin): boolean {
  const { ids, recorded } = worldOf(urn);
  if (stackId !== undefined && ids.has(stackId)) return true;
  // A state that can't be read, and has not shown any id yet, may have this one.
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
  // The same text names another folder for another user.
  const home = url.startsWith("file://~") ? (process.env.HOME ?? "") : "";
  return hashOf([process.cwd(), url + home, organizationName() ?? ""]);
}

const placeOfEarlierVersions = (): string => hashOf([process.cwd(), process.env.PULUMI_BACKEND_URL ?? ""]);

const hashOf = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
