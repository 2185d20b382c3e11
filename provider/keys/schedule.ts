import { milliseconds } from "../contract/duration.js";

/** When a key must be rotated, as declared. */
export interface Schedule {
  /** A changed value rotates the key. Adding or removing a name, or the whole map, does not. */
  readonly rotationTriggers?: Readonly<Record<string, string>> | undefined;
  /** Age at which the key is rotated, counted from its creation. */
  readonly rotateAfter?: string | undefined;
  /** How long the previous key keeps working beside its successor. */
  readonly overlap: string;
}

/** When a key was created. Times are RFC 3339, UTC. */
export interface Birth {
  readonly createTime: string;
  /** The decision date at its creation, if that is far from `createTime`: a rehearsal on another date. */
  readonly mintedAsOf?: string | undefined;
  /** The decision date at its first login, if that was much later. Nobody could switch to the key before. */
  readonly provenAsOf?: string | undefined;
}

/** When a key must be rotated, as recorded. A time is empty if nothing is planned. */
export interface Recorded extends Schedule {
  readonly rotateAt: string;
  readonly retireAt: string;
  readonly previousKeyId: string;
}

export interface Due {
  /** Why a new key must be created. */
  readonly rotate?: string;
  /** Why the previous key must be deleted. */
  readonly retire?: string;
}

/** Whether the date decides what is due. */
export const dependsOnDate = ({ rotateAt, previousKeyId }: Pick<Recorded, "rotateAt" | "previousKeyId">) =>
  rotateAt !== "" || previousKeyId !== "";

/**
 * Decides what is due. A pure function, so that a preview and an update with the same date agree.
 *
 * @param state the recorded state; its `retireAt` must follow from the declared overlap
 */
export function whatIsDue(state: Recorded, wanted: Schedule, asOf: Date): Due {
  const rotate = changedTrigger(state, wanted) ?? endOfLife(state, wanted, asOf);
  const retire = state.previousKeyId === "" ? undefined : endOfOverlap(state.retireAt, wanted.overlap, asOf);
  return { ...(rotate === undefined ? {} : { rotate }), ...(retire === undefined ? {} : { retire }) };
}

/** The reason for a rotation if a trigger has changed since the creation of the current key. */
function changedTrigger(
  { rotationTriggers: old = {} }: Schedule,
  { rotationTriggers: wanted = {} }: Schedule,
): string | undefined {
  const name = Object.keys(wanted).find((key) => Object.hasOwn(old, key) && old[key] !== wanted[key]);
  return name === undefined ? undefined : `rotationTriggers.${name} changed`;
}

/** The reason for a rotation by age. An update that changes `rotateAfter` only records it; the next one applies it. */
const endOfLife = (state: Recorded, { rotateAfter }: Schedule, asOf: Date): string | undefined =>
  state.rotateAfter === rotateAfter && isReached(state.rotateAt, asOf)
    ? `rotateAt ${state.rotateAt} has passed`
    : undefined;

/** How far clocks may differ, in milliseconds. A deletion waits for this long, so that the overlap is not cut short. */
const clockTolerance = 5 * 60_000;

/** Why the previous key must be deleted now; undefined if it stays. An overlap of 0 does not wait for the tolerance. */
export function endOfOverlap(retireAt: string, overlap: string, asOf: Date): string | undefined {
  if (milliseconds(overlap) === 0) return "overlap is 0";
  const latest = new Date(asOf.getTime() - clockTolerance);
  return isReached(retireAt, latest) ? `retireAt ${retireAt} has passed` : undefined;
}

const isReached = (time: string, asOf: Date): boolean => time !== "" && Date.parse(time) <= asOf.getTime();

/** When a key must be rotated; RFC 3339, UTC; empty if `rotateAfter` is not declared. */
export const rotationOf = (key: Birth, rotateAfter: string | undefined): string =>
  rotateAfter === undefined ? "" : after(key.mintedAsOf ?? key.createTime, rotateAfter);

/** When the predecessor of a key must be deleted; RFC 3339, UTC. */
export const retirementOf = (key: Birth, overlap: string): string =>
  after(key.provenAsOf ?? key.mintedAsOf ?? key.createTime, overlap);

function after(time: string, duration: string): string {
  const start = Date.parse(time);
  return Number.isNaN(start) ? "" : new Date(start + milliseconds(duration)).toISOString();
}

/**
 * Returns `asOf` if it is far from a time of the server: in a rehearsal on another date, or for an event after the
 * key's creation. Ignores a difference within the tolerance, which can't end an overlap early: a deletion waits for as
 * long.
 *
 * @returns RFC 3339, UTC; undefined if the two times are close
 */
export function farFrom(time: string, asOf: Date): string | undefined {
  return Math.abs(asOf.getTime() - Date.parse(time)) <= clockTolerance ? undefined : asOf.toISOString();
}
