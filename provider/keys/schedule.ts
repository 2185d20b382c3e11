import { milliseconds } from "../contract/duration.js";

/** When a key is to be rotated, as declared. */
export interface Schedule {
  /** A changed value of a name in it rotates; adding or removing names, or the whole map, does not. */
  readonly rotationTriggers?: Readonly<Record<string, string>> | undefined;
  /** Age at which the key is rotated, counted from its creation. */
  readonly rotateAfter?: string | undefined;
  /** How long the previous key goes on working beside its successor. */
  readonly overlap: string;
}

/** When a key came into the world. Times are RFC 3339, UTC. */
export interface Birth {
  readonly createTime: string;
  /** By which date it was made, where that was far from its `createTime`: a rehearsal on another date. */
  readonly mintedAsOf?: string | undefined;
  /** By which date it first logged in, where that was much later: until then nobody could move over to it. */
  readonly provenAsOf?: string | undefined;
}

/** When a key is to be rotated, as recorded. Times are empty where there is none. */
export interface Recorded extends Schedule {
  readonly rotateAt: string;
  readonly retireAt: string;
  readonly previousKeyId: string;
}

export interface Due {
  /** Why a new key is to be made. */
  readonly rotate?: string;
  /** Why the previous key is to be deleted. */
  readonly retire?: string;
}

/** Whether the date has a say in what is due. */
export const dependsOnDate = ({ rotateAt, previousKeyId }: Pick<Recorded, "rotateAt" | "previousKeyId">) =>
  rotateAt !== "" || previousKeyId !== "";

/**
 * What is to be done: a pure function, so that a preview and an update by the same date agree.
 *
 * @param state what is recorded, its `retireAt` by the overlap that is wanted now
 */
export function whatIsDue(state: Recorded, wanted: Schedule, asOf: Date): Due {
  const rotate = changedTrigger(state, wanted) ?? endOfLife(state, wanted, asOf);
  const retire = state.previousKeyId === "" ? undefined : endOfOverlap(state.retireAt, wanted.overlap, asOf);
  return { ...(rotate === undefined ? {} : { rotate }), ...(retire === undefined ? {} : { retire }) };
}

/** Which trigger has another value than the one that the present key was made with. */
function changedTrigger(
  { rotationTriggers: old = {} }: Schedule,
  { rotationTriggers: wanted = {} }: Schedule,
): string | undefined {
  const name = Object.keys(wanted).find((key) => Object.hasOwn(old, key) && old[key] !== wanted[key]);
  return name === undefined ? undefined : `rotationTriggers.${name} changed`;
}

/** A changed schedule is only written down; from the next update on it decides. */
const endOfLife = (state: Recorded, { rotateAfter }: Schedule, asOf: Date): string | undefined =>
  state.rotateAfter === rotateAfter && isReached(state.rotateAt, asOf)
    ? `rotateAt ${state.rotateAt} has passed`
    : undefined;

/** How far clocks may be off, in milliseconds, so that an overlap is still as long as it was promised. */
const clockTolerance = 5 * 60_000;

/** Why a previous key is to be deleted now. No overlap is no matter of clocks that disagree. */
export function endOfOverlap(retireAt: string, overlap: string, asOf: Date): string | undefined {
  if (milliseconds(overlap) === 0) return "overlap is 0";
  const latest = new Date(asOf.getTime() - clockTolerance);
  return isReached(retireAt, latest) ? `retireAt ${retireAt} has passed` : undefined;
}

const isReached = (time: string, asOf: Date): boolean => time !== "" && Date.parse(time) <= asOf.getTime();

/** When a key is to be rotated; empty where nothing is declared. */
export const rotationOf = (key: Birth, rotateAfter: string | undefined): string =>
  rotateAfter === undefined ? "" : after(key.mintedAsOf ?? key.createTime, rotateAfter);

/** When the predecessor of a key is to be deleted. */
export const retirementOf = (key: Birth, overlap: string): string =>
  after(key.provenAsOf ?? key.mintedAsOf ?? key.createTime, overlap);

function after(time: string, duration: string): string {
  const start = Date.parse(time);
  return Number.isNaN(start) ? "" : new Date(start + milliseconds(duration)).toISOString();
}

/**
 * `asOf`, where it is far from a time of the server: a rehearsal on another date, or something that came later than the key. A
 * difference within the tolerance does not count: it ends no overlap early, since a deletion comes later by as much.
 */
export function farFrom(time: string, asOf: Date): string | undefined {
  return Math.abs(asOf.getTime() - Date.parse(time)) <= clockTolerance ? undefined : asOf.toISOString();
}
