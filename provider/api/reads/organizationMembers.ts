import type { Api } from "../http/client.js";
import { administersNow } from "./deletedProjects.js";
import { PagedList } from "./pagedList.js";
import { MemberBody } from "../bodies/members.js";
import { parentOf } from "../text/resourceNames.js";

const list = { path: "projects/-/members", field: "members", item: MemberBody };

/**
 * The list of all members of an organization's projects, as proof that members are gone. It may leave out projects, or members of
 * some kind. So it proves only that a member is gone that it has shown before, and only while we administer the organization.
 */
export class OrganizationMembers {
  /** False once something was seen that speaks against the list, or against calls that remove several. */
  isReliable = true;
  /** Whether such a call was seen to remove what it should in this organization. */
  isRemovalProven = false;
  readonly #shown = new Set<string>();
  readonly #leaving = new Set<string>();
  /** The list, as far as it was read while members were still there. */
  #unfinished: PagedList<typeof MemberBody> | undefined;
  /** How many pages the list had when it was last read to its end. */
  #pages: number | undefined;
  #mayCost = 0;
  #administered: Promise<boolean> | undefined;

  constructor(
    private readonly api: Api,
    private readonly organization: string,
  ) {}

  /** Whether the list has shown a member, so that its silence about the member proves something. */
  hasShown(name: string): boolean {
    return this.#shown.has(name);
  }

  /** Notes that this process removes a member. */
  leaves(name: string): void {
    this.#leaving.add(name);
  }

  /** Whether reading a new list takes at most as many requests as one list for each of `count` projects. */
  isShort(count: number): boolean {
    return (this.#pages ?? this.#unfinished?.turned ?? 0) <= count;
  }

  /** Whether it was begun and was too long so far. */
  get isUnfinished(): boolean {
    return this.#unfinished?.isEnded === false;
  }

  /**
   * Reads the list before members of `count` projects are removed, unless that was done before. It spares up to two looks at each
   * project, so it may take half as many requests again. A longer list is continued when others are removed, by a request for two
   * projects.
   */
  async lookAround(count: number): Promise<void> {
    if (this.#pages !== undefined || !this.isReliable || !(await this.#isAdministered())) return;
    this.#mayCost += this.#mayCost === 0 ? count * 1.5 : count / 2;
    await this.#turn((this.#unfinished ??= this.#newListing()), Math.floor(this.#mayCost));
  }

  /** Reads the list anew, unless that takes more than `mayCost` requests. */
  async prove(names: readonly string[], mayCost: number): Promise<Proof> {
    const seen = new Set<string>();
    const projects = new Set<string>();
    const listing = this.#newListing(({ name }) => {
      seen.add(name);
      projects.add(parentOf(name));
    });
    await this.#turn(listing, mayCost);
    if (!listing.isEnded || listing.isBroken) return noProof;
    // The list also lacks members that nobody removed, so it does not prove anything.
    const lost = [...this.#shown].filter((name) => !seen.has(name) && !this.#leaving.has(name));
    for (const name of lost) this.#shown.delete(name);
    if (lost.length > 0) return noProof;
    const missing = names.filter((name) => !seen.has(name) && this.hasShown(name));
    // A member that the list no longer shows can also be one that we can no longer see.
    const isEnough = missing.every((name) => projects.has(parentOf(name))) || (await this.#administersNow());
    const gone = isEnough ? missing : missing.filter((name) => projects.has(parentOf(name)));
    return { gone, seen: names.filter((name) => seen.has(name)) };
  }

  #newListing(show: (member: MemberBody) => void = () => undefined): PagedList<typeof MemberBody> {
    const query = { organization: this.organization };
    return new PagedList(this.api, "", { ...list, query }, (member) => {
      this.#shown.add(member.name);
      show(member);
    });
  }

  async #turn(listing: PagedList<typeof MemberBody>, mayCost: number): Promise<void> {
    while (!listing.isEnded && listing.turned < mayCost) await listing.turn();
    if (listing.isBroken) this.isReliable = false;
    else if (listing.isEnded) this.#pages = listing.turned;
  }

  #isAdministered(): Promise<boolean> {
    return (this.#administered ??= this.#administersNow());
  }

  /** What can't be known counts as no. */
  #administersNow(): Promise<boolean> {
    return administersNow(this.api, this.organization).catch(() => false);
  }
}

/** Which members are gone, and which a new list shows; others may be one or the other. */
export interface Proof {
  readonly gone: readonly string[];
  readonly seen: readonly string[];
}
const noProof: Proof = { gone: [], seen: [] };
