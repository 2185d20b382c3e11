/** One life of a resource: a replacement has the URN of the resource that it replaces, and another `madeAt`. */
export interface Instance {
  readonly urn: string;
  /** When the resource was created; states of earlier versions have none. */
  readonly madeAt?: string | undefined;
  /** The URN that the outputs tell, where an alias has given the resource another one since. */
  readonly knownAs?: string | undefined;
}

/** A resource, and the API's names of the things that it holds. */
export interface Claim extends Instance {
  readonly names: readonly string[];
}

/** The same for the same life. */
export const instanceKey = ({ urn, madeAt = "", knownAs = urn }: Instance): string => `${knownAs} ${madeAt}`;

/** Claims, found by the life of the resource and by the things that it holds. */
export class ClaimIndex {
  readonly #byLife = new Map<string, Claim>();
  readonly #byName = new Map<string, Set<Claim>>();
  readonly #byUrn = new Map<string, Set<Claim>>();

  has(life: Instance): boolean {
    return this.#byLife.has(instanceKey(life));
  }

  holding(names: readonly string[]): Claim[] {
    return names.flatMap((name) => [...(this.#byName.get(name) ?? [])]);
  }

  /** Adds a claim, in place of an earlier one of the same life. */
  set(claim: Claim): void {
    const earlier = this.#byLife.get(instanceKey(claim));
    if (earlier !== undefined) this.#remove(earlier);
    this.#byLife.set(instanceKey(claim), claim);
    for (const name of claim.names) put(this.#byName, name, claim);
    put(this.#byUrn, claim.urn, claim);
  }

  /** Removes the claims of all lives of a resource. */
  forget(urn: string): void {
    for (const claim of this.#byUrn.get(urn) ?? []) this.#remove(claim);
  }

  #remove(claim: Claim): void {
    this.#byLife.delete(instanceKey(claim));
    for (const name of claim.names) this.#byName.get(name)?.delete(claim);
    this.#byUrn.get(claim.urn)?.delete(claim);
  }
}

function put(index: Map<string, Set<Claim>>, key: string, claim: Claim): void {
  const present = index.get(key);
  if (present === undefined) index.set(key, new Set([claim]));
  else present.add(claim);
}
