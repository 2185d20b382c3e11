import { milliseconds } from "./duration.js";

/** When a key is to be rotated, as declared. */
export interface Schedule {
  /** A changed value of a name in it rotates; adding or removing names, or the whole map, does not. */
  readonly rotationTriggers?: Readonly<Record<string, string>> | undefined;
  /** Age at which the key is rotated, counted from its creation. */
  readonly rotateAfter?: string | undefined;
  /** How long the previous key goes on working beside its successor. */
  readonly overlap: string;
}

/** When a key is to be rotated, as recorded. Times are RFC 3339, UTC; empty where there is none. */
export interface Recorded extends Schedule {
  readonly createTime: string;
  /** By which date the key was made, where that was far from its `createTime`: a rehearsal on another date. */
  readonly mintedAsOf?: string | undefined;
  readonly rotateAt: string;
  readonly previousKeyId: string;
}

export interface Due {
  /** Why a new key is to be made. */
  readonly rotate?: string;
  /** Why the previous key is to be deleted. */
  readonly retire?: string;
}

/** What is to be done: a pure function, so that a preview and an update by the same date agree. */
export function whatIsDue(state: Recorded, wanted: Schedule, asOf: Date): Due {
  const rotate = changedTrigger(state, wanted) ?? reached("rotateAt", state.rotateAt, asOf);
  const retire = state.previousKeyId === "" ? undefined : endOfOverlap(state, wanted.overlap, asOf);
  return { ...(rotate === undefined ? {} : { rotate }), ...(retire === undefined ? {} : { retire }) };
}

/** Which trigger has another value than the one that the present key was made with. */
function changedTrigger(
  { rotationTriggers: old = {} }: Schedule,
  { rotationTriggers: wanted = {} }: Schedule,
): string | undefined {
  const name = Object.keys(wanted).find((key) => key in old && old[key] !== wanted[key]);
  return name === undefined ? undefined : `rotationTriggers.${name} changed`;
}

const reached = (name: string, time: string, asOf: Date): string | undefined =>
  time !== "" && Date.parse(time) <= asOf.getTime() ? `${name} ${time} has come` : undefined;

/** No overlap is no matter of clocks that disagree. */
const endOfOverlap = (state: Recorded, overlap: string, asOf: Date): string | undefined =>
  milliseconds(overlap) === 0 ? "overlap is 0" : reached("retireAt", retirementOf(state, overlap), asOf);

/** When a key made at `createTime` is to be rotated; empty where nothing is declared. */
export const rotationOf = (key: Birth, rotateAfter: string | undefined): string =>
  rotateAfter === undefined ? "" : after(key, rotateAfter);

/** When the predecessor of a key made at `createTime` is to be deleted. */
export const retirementOf = (key: Birth, overlap: string): string => after(key, overlap);

type Birth = Pick<Recorded, "createTime" | "mintedAsOf">;

function after({ createTime, mintedAsOf }: Birth, duration: string): string {
  const start = Date.parse(mintedAsOf ?? createTime);
  return Number.isNaN(start) ? "" : new Date(start + milliseconds(duration)).toISOString();
}

const anHour = 3_600_000;

/** `asOf`, where it is so far from the server's time that it was meant; clocks that merely disagree do not count. */
export function rehearsalDate(createTime: string, asOf: Date): string | undefined {
  return Math.abs(asOf.getTime() - Date.parse(createTime)) > anHour ? asOf.toISOString() : undefined;
}
