import { instanceKey, type Claim, type Instance } from "./claimIndex.js";
import type { Recorded } from "./recordedState.js";
import { kindOf } from "./urns.js";

/** A resource that holds an object. The first of its names is the object's name in the API. */
export interface Holder extends Claim {
  /** Its outputs, if the resource is known only from Pulumi's state. Secrets in them are encrypted. */
  readonly outputs?: Recorded["outputs"];
}

/** An index of the recorded resources of a stack by API name, by URN and by instance. */
export class RecordedHolders {
  readonly #byName = new Map<string, Holder[]>();
  readonly #byLife = new Map<string, Holder>();
  readonly #urns = new Set<string>();

  /** Returns the index of a state. Each state is indexed once. */
  static of(recorded: readonly Recorded[]): RecordedHolders {
    const index = indexes.get(recorded) ?? new RecordedHolders(recorded);
    indexes.set(recorded, index);
    return index;
  }

  private constructor(recorded: readonly Recorded[]) {
    for (const resource of recorded) this.#add(resource);
  }

  /** Whether a recorded resource has this URN or is this instance. */
  has(life: Instance): boolean {
    return this.#urns.has(life.urn) || this.#byLife.has(instanceKey(life));
  }

  /** The resource that is this instance. If an alias was used, its URN differs from the one in its outputs. */
  find(life: Instance): Holder | undefined {
    return this.#byLife.get(instanceKey(life));
  }

  /**
   * The resources of a kind that hold one of these objects. Excludes resources that Pulumi still has to delete, and
   * those that a program only reads.
   */
  holding(kind: string, names: readonly string[]): Holder[] {
    return names.flatMap((name) => this.#byName.get(keyOf(kind, name)) ?? []);
  }

  #add(resource: Recorded): void {
    const { urn, outputs } = resource;
    const names = namesIn(resource);
    const life = { madeAt: textOf(outputs.madeAt), knownAs: textOf(outputs.__urn) };
    const holder: Holder = { urn, names, ...life, outputs };
    this.#urns.add(urn);
    this.#byLife.set(instanceKey(holder), holder);
    if (resource.delete || resource.external) return;
    for (const name of names) {
      const key = keyOf(kindOf(urn), name);
      this.#byName.set(key, [...(this.#byName.get(key) ?? []), holder]);
    }
  }
}

const indexes = new WeakMap<readonly Recorded[], RecordedHolders>();

const keyOf = (kind: string, name: string): string => `${kind} ${name}`;

/** The API names of all objects that recorded resources hold, including resources that Pulumi still has to delete. */
export const recordedNames = (recorded: readonly Recorded[]): string[] => recorded.flatMap(namesIn);

/** The API names of the objects that a recorded resource holds. */
function namesIn({ id, outputs }: Recorded): string[] {
  // The access of this binding has ended, so somebody else may have the membership.
  if (outputs.expired === true) return [];
  const parent = id.split("/").slice(0, -2).join("/");
  const [memberId, member, keyId, previousKeyId] = [
    outputs.memberId,
    outputs.member,
    outputs.keyId,
    outputs.previousKeyId,
  ].map(textOf);
  const inCollection = (collection: string, ids: readonly (string | undefined)[]) =>
    ids.flatMap((each) => (each === undefined ? [] : [`${parent}/${collection}/${each}`]));
  if (keyId !== undefined) return inCollection("keys", [keyId, previousKeyId]);
  if (memberId !== undefined) return inCollection("members", [memberId, member]);
  return [id];
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
