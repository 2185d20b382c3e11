/**
 * One instance of a resource. A replacement has the same URN as the resource that it replaces, but another `madeAt`.
 */
export interface Instance {
  readonly urn: string;
  /** When the resource was created. States of earlier versions don't have it. */
  readonly madeAt?: string | undefined;
  /** The URN in the outputs, if an alias has given the resource another URN since. */
  readonly knownAs?: string | undefined;
}

/** A resource and the API names of the objects that it holds. */
export interface Claim extends Instance {
  readonly names: readonly string[];
}

/** Returns equal keys for the same instance. */
export const instanceKey = ({ urn, madeAt = "", knownAs = urn }: Instance): string => `${knownAs} ${madeAt}`;

/** An index of claims by instance, by API name and by URN. */
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

  /** Adds a claim. It replaces an earlier claim of the same instance. */
  set(claim: Claim): void {
    const earlier = this.#byLife.get(instanceKey(claim));
    if (earlier !== undefined) this.#remove(earlier);
    this.#byLife.set(instanceKey(claim), claim);
    for (const name of claim.names) put(this.#byName, name, claim);
    put(this.#byUrn, claim.urn, claim);
  }

  /** Removes the claims of all instances of a resource. */
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
