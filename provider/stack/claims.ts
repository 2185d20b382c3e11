import { ClaimIndex, instanceKey, type Claim, type Instance } from "./claimIndex.js";
import { appendToLog, readFromLog } from "./claimsLog.js";
import { deployment } from "../machine/deployment.js";
import { RecordedHolders, type Holder } from "./recordedHolders.js";
import { recordedResources } from "./recordedState.js";
import { kindOf, stackOf } from "./urns.js";

export type { Claim, Holder };

/**
 * Which resource holds which thing in the cloud. Our ids are the API's own names, and Pulumi creates before it deletes: after a
 * rename, a move into a component or a replacement, a new resource and an old one hold the same thing. The deletion of the old one
 * must not take it away.
 *
 * Three sources tell who holds a thing: the calls that this process has answered, the log that all provider processes of one
 * deployment share, and the state that Pulumi has recorded. The last one also knows the resources that `--target` leaves out.
 */

/** A deletion that has begun. The resource lets go of its things, unless the deletion fails. */
export interface Deletion {
  /** Finds another resource that holds one of these names. @returns it, and the present URN of the one that is deleted */
  otherHolder(names: readonly string[]): Promise<{ holder: Holder; urn: string } | undefined>;
  /** The deletion has failed, so the resource holds its things as before. */
  undo(): void;
}

/** What was seen in one deployment of one stack. */
interface Seen {
  readonly claims: ClaimIndex;
  /** Resources that the program declares, by the names of the things that they are to hold. */
  readonly declared: Map<string, Holder[]>;
  /** Lives that have begun to let go, and when in their order. */
  readonly departed: Map<string, number>;
  /** What the present lives of resources hold that are about to be replaced; by URN. */
  readonly replacing: Map<string, Claim>;
}

const all = new Map<string, Seen>();

function seenWith(urn: string): Seen {
  const key = `${deployment()} ${stackOf(urn)}`;
  const seen: Seen = all.get(key) ?? {
    claims: new ClaimIndex(),
    declared: new Map<string, Holder[]>(),
    departed: new Map<string, number>(),
    replacing: new Map<string, Claim>(),
  };
  all.set(key, seen);
  return seen;
}

/** Notes what a state shows: that a resource holds these things. */
export function noteClaim(claim: Claim): void {
  if (claim.urn !== "") seenWith(claim.urn).claims.set(claim);
}

/** Notes that a resource is about to be replaced. */
export function noteReplacement(claim: Claim): void {
  if (claim.urn !== "") seenWith(claim.urn).replacing.set(claim.urn, claim);
}

/** Notes what a resource has been given. All provider processes of the deployment see it. */
export function publishClaim(claim: Claim): void {
  if (claim.urn === "") return;
  begin(claim);
  appendToLog({ event: "given", ...claim });
}

/** A new life. Unless it replaces another one, the engine knows no other life of this resource. */
function begin(claim: Claim): void {
  const { claims, replacing } = seenWith(claim.urn);
  if (!replacing.delete(claim.urn)) claims.forget(claim.urn);
  claims.set(claim);
}

/** Begins the deletion of a resource. Where two let go of one thing at the same time, the second one takes it away. */
export function beginDeletion(claim: Claim): Deletion {
  const life = instanceKey(claim);
  if (claim.urn !== "") {
    appendToLog({ event: "leaves", ...claim });
    catchUp();
    leave(claim);
  }
  return {
    async otherHolder(names) {
      const recorded = await recordedOf(claim.urn);
      catchUp();
      const { urn } = recorded.find(claim) ?? claim;
      // A state without the resource itself is the state of another stack.
      const place = { urn, recorded: recorded.has(claim) ? recorded : nothing };
      const holder = findHolder(place, names, (other) => !isOver(other)) ?? findDeclared(urn, names);
      return holder === undefined ? undefined : { holder, urn };
    },
    undo() {
      if (claim.urn === "") return;
      stay(claim);
      appendToLog({ event: "stays", ...claim });
    },
  };

  /** Whether another life is this one, or has let go before this one did. */
  function isOver(other: Instance): boolean {
    const { departed } = seenWith(claim.urn);
    const [mine = 0, others = Infinity] = [departed.get(life), departed.get(instanceKey(other))];
    return instanceKey(other) === life || others < mine;
  }
}

function leave(claim: Instance): void {
  const { departed } = seenWith(claim.urn);
  if (!departed.has(instanceKey(claim))) departed.set(instanceKey(claim), ++departures);
}
let departures = 0;

const stay = (claim: Instance): boolean => seenWith(claim.urn).departed.delete(instanceKey(claim));

/**
 * Finds the resource of the stack that holds a thing which a resource is about to create or adopt.
 *
 * @returns the resource itself, where it is being replaced and its present life holds the thing
 */
export async function holderOf(name: string, urn: string): Promise<Holder | undefined> {
  const recorded = await recordedOf(urn);
  catchUp();
  const { departed, replacing } = seenWith(urn);
  const own = replacing.get(urn);
  if (own?.names.includes(name) === true) return own;
  return findHolder({ urn, recorded }, [name], (life) => {
    // A resource that is not replaced is created for the first time, as far as the engine knows.
    const isFirst = life.urn === urn && !recorded.has(life);
    return !isFirst && !departed.has(instanceKey(life));
  });
}

/**
 * Finds another resource of the stack that holds a thing which a resource is about to take away without being deleted itself.
 *
 * @param kind which kind of resource may hold it
 * @param isMeant whether this way of holding it counts
 */
export async function otherHolderOf(
  name: string,
  urn: string,
  kind = kindOf(urn),
  isMeant: (claim: Claim) => boolean = () => true,
): Promise<Holder | undefined> {
  const recorded = await recordedOf(urn);
  catchUp();
  const { departed } = seenWith(urn);
  return findHolder(
    { urn, recorded, kind },
    [name],
    (claim) => claim.urn !== urn && !departed.has(instanceKey(claim)) && isMeant(claim),
  );
}

/** Whether a resource is known from a call of this deployment, so that the program declares it; or only from Pulumi's state. */
export const isDeclared = ({ outputs }: Holder): boolean => outputs === undefined;

const nothing = RecordedHolders.of([]);
const recordedOf = async (urn: string): Promise<RecordedHolders> =>
  RecordedHolders.of(await recordedResources(urn));

interface Place {
  /** Any resource of the stack. */
  readonly urn: string;
  readonly recorded: RecordedHolders;
  /** Which kind of resource may hold the thing. */
  readonly kind?: string;
}

function findHolder(
  { urn, recorded, kind = kindOf(urn) }: Place,
  names: readonly string[],
  isWanted: (claim: Claim) => boolean,
): Holder | undefined {
  const { claims } = seenWith(urn);
  const claimed = claims.holding(names).find(isWanted);
  if (claimed !== undefined) return claimed;
  // What this deployment has seen of a resource is newer than what Pulumi had recorded.
  return recorded.holding(kind, names).find((holder) => !claims.has(holder) && isWanted(holder));
}

/** Finds another resource of the program that is to hold one of these things: it may not have been created yet. */
function findDeclared(urn: string, names: readonly string[]): Holder | undefined {
  const { declared } = seenWith(urn);
  return names
    .flatMap((name) => declared.get(name) ?? [])
    .find((other) => other.urn !== urn && kindOf(other.urn) === kindOf(urn));
}

function noteDeclared(holder: Holder): void {
  const { declared } = seenWith(holder.urn);
  for (const name of holder.names) declared.set(name, [...(declared.get(name) ?? []), holder]);
}

/** Takes up what the program and other provider processes have written down, and in which order all let go. */
function catchUp(): void {
  for (const { entry, isOwn } of readFromLog()) {
    const { urn, madeAt, names } = entry;
    if (entry.event === "leaves") leave(entry);
    else if (entry.event === "declared") noteDeclared({ urn, names });
    else if (!isOwn && entry.event === "given") noteClaim({ urn, madeAt, names });
    else if (!isOwn) stay(entry);
  }
}
