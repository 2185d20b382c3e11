import { ClaimIndex, instanceKey, type Claim, type Instance } from "./claimIndex.js";
import { appendToLog, readFromLog } from "./claimsLog.js";
import { DeclaredHolders, type IsOver } from "./declaredHolders.js";
import { deployment } from "../machine/deployment.js";
import { RecordedHolders, type Holder } from "./recordedHolders.js";
import { recordedResources } from "./recordedState.js";
import { kindOf, stackOf } from "./urns.js";

export type { Claim, Holder };

/**
 * Tracks which resource holds which object in the cloud. A resource's id is the API's own name, and Pulumi creates
 * before it deletes. After a rename, a move into a component or a replacement, the new resource and the old one hold
 * the same object. Deleting the old resource must not delete that object.
 *
 * There are three sources: the calls that this process has answered, the log that all provider processes of one
 * deployment share, and the state that Pulumi has recorded. The recorded state also has the resources that `--target`
 * excludes.
 */

/** A deletion that has begun. The resource releases its objects, unless the deletion fails. */
export interface Deletion {
  /**
   * Finds another resource that holds one of these names.
   *
   * @returns that resource, and the current URN of the resource that is being deleted
   */
  otherHolder(names: readonly string[]): Promise<{ holder: Holder; urn: string } | undefined>;
  /** Records that the deletion has failed. The resource still holds its objects. */
  undo(): void;
}

/** What is known about one deployment of one stack. */
interface Seen {
  readonly claims: ClaimIndex;
  readonly declared: DeclaredHolders;
  /** Instances whose deletion has begun, with their position in the order of deletions. */
  readonly departed: Map<string, number>;
  /** Claims of the current instances of resources that are about to be replaced, by URN. */
  readonly replacing: Map<string, Claim>;
}

const all = new Map<string, Seen>();

function seenWith(urn: string): Seen {
  const key = `${deployment()} ${stackOf(urn)}`;
  const seen: Seen = all.get(key) ?? {
    claims: new ClaimIndex(),
    declared: new DeclaredHolders(),
    departed: new Map<string, number>(),
    replacing: new Map<string, Claim>(),
  };
  all.set(key, seen);
  return seen;
}

/** Notes that a resource holds these objects, according to a state. */
export function noteClaim(claim: Claim): void {
  if (claim.urn !== "") seenWith(claim.urn).claims.set(claim);
}

/** Notes that a resource is about to be replaced. */
export function noteReplacement(claim: Claim): void {
  if (claim.urn !== "") seenWith(claim.urn).replacing.set(claim.urn, claim);
}

/** Notes what a resource holds from now on. All provider processes of the deployment see it. */
export function publishClaim(claim: Claim): void {
  if (claim.urn === "") return;
  begin(claim);
  appendToLog({ event: "given", ...claim });
}

/** Starts a new instance. Unless it replaces another one, the engine knows no other instance of this resource. */
function begin(claim: Claim): void {
  const { claims, replacing } = seenWith(claim.urn);
  if (!replacing.delete(claim.urn)) claims.forget(claim.urn);
  claims.set(claim);
}

/**
 * Begins the deletion of a resource. If two resources release the same object at the same time, the second one deletes
 * it.
 *
 * @param isOver whether declared access with this end is over
 */
export function beginDeletion(claim: Claim, isOver: IsOver): Deletion {
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
      // A state that lacks the resource itself belongs to another stack.
      const place = { urn, recorded: recorded.has(claim) ? recorded : nothing };
      const holder =
        findHolder(place, names, (other) => !isGone(other)) ??
        (await seenWith(urn).declared.find(urn, names, isOver));
      return holder === undefined ? undefined : { holder, urn };
    },
    undo() {
      if (claim.urn === "") return;
      stay(claim);
      appendToLog({ event: "stays", ...claim });
    },
  };

  /** Whether another instance is this one, or began its deletion before this one did. */
  function isGone(other: Instance): boolean {
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
 * Finds the resource of the stack that holds an object. Call it when a resource is about to create or adopt that
 * object.
 *
 * @returns the resource itself, if it is being replaced and its current instance holds the object
 */
export async function holderOf(name: string, urn: string): Promise<Holder | undefined> {
  const recorded = await recordedOf(urn);
  catchUp();
  const { departed, replacing } = seenWith(urn);
  const own = replacing.get(urn);
  if (own?.names.includes(name) === true) return own;
  return findHolder({ urn, recorded }, [name], (life) => {
    // If the resource is not being replaced, the engine creates it for the first time. Its own claims that are not in
    // the state don't count then.
    const isFirst = life.urn === urn && !recorded.has(life);
    return !isFirst && !departed.has(instanceKey(life));
  });
}

/**
 * Finds another resource of the stack that holds an object. Call it when a resource is about to remove that object
 * without being deleted itself.
 *
 * @param kind the kind of resource that may hold it
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

/**
 * Whether the program declares this resource: a call of this deployment names it. Otherwise only Pulumi's state does.
 */
export const isDeclared = ({ outputs }: Holder): boolean => outputs === undefined;

const nothing = RecordedHolders.of([]);
const recordedOf = async (urn: string): Promise<RecordedHolders> =>
  RecordedHolders.of(await recordedResources(urn));

interface Place {
  /** Any resource of the stack. */
  readonly urn: string;
  readonly recorded: RecordedHolders;
  /** The kind of resource that may hold the object. */
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
  // A claim that this deployment has seen is newer than Pulumi's recorded state.
  return recorded.holding(kind, names).find((holder) => !claims.has(holder) && isWanted(holder));
}

/**
 * Reads what the program and other provider processes have written to the log, and the order in which all deletions
 * began.
 */
function catchUp(): void {
  for (const { entry, isOwn } of readFromLog()) {
    const { urn, madeAt, names, expires } = entry;
    if (entry.event === "leaves") leave(entry);
    else if (entry.event === "declared") seenWith(urn).declared.add({ urn, names, expires });
    else if (!isOwn && entry.event === "given") noteClaim({ urn, madeAt, names });
    else if (!isOwn) stay(entry);
  }
}
