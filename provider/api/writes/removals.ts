import { Alternation } from "../gathering/alternation.js";
import type { Api } from "../http/client.js";
import { remove } from "../reads/find.js";
import { groupBy } from "../gathering/groupBy.js";
import { HeldAnswers } from "../gathering/heldAnswers.js";
import { listMembers } from "../reads/memberLists.js";
import { parentOf } from "../text/resourceNames.js";
import { OrganizationMembers } from "../reads/organizationMembers.js";
import { knownOrganization } from "../reads/projectOrganizations.js";

/** A membership of a project that is to go. */
export interface OldMember {
  readonly name: string;
  readonly role: string;
}

/** In how many projects members must go before the list that spans projects is thought of. */
const fewest = 4;

/**
 * Removes members of projects by one call for several, and proves that they are gone: a plain answer says nothing of each, and a
 * member that the API kept would keep its access unseen.
 *
 * The first removal in a project is proven before it is answered. It need not be where the list of the organization's members has
 * shown the member before, we administer the organization, and such a call was seen to work there. All other removals are answered
 * as soon as the call succeeds, and are checked together before the last answer goes out.
 */
export class Removals {
  /** Projects where a call was seen to remove what it should. */
  readonly #proven = new Set<string>();
  readonly #lists = new Map<string, OrganizationMembers>();
  /** Members whose removal must still be checked. */
  readonly #unchecked = new Set<string>();
  /** A list may pass over somebody while others leave it. */
  readonly #alternation = new Alternation();
  readonly #answers = new HeldAnswers({
    isDue: () => this.#unchecked.size > 0,
    run: () => this.#check(),
    tell: tellFailures,
  });

  constructor(private readonly api: Api) {}

  /** Removes a member by `work`, and ends when that may be answered. */
  during(name: string, work: () => Promise<boolean>): Promise<boolean> {
    this.#listOf(name)?.leaves(name);
    return this.#answers.during(name, work);
  }

  /**
   * Checks the removals that are still unchecked. Called before a member is created: a member that comes back looks like one that
   * the API kept.
   *
   * @throws Error if a member is still there
   */
  async checkNow(): Promise<void> {
    const failures = this.#unchecked.size > 0 ? await this.#check() : new Map<string, Error>();
    if (failures.size > 0) throw tellFailures(failures);
  }

  /** Sends a call that removes members. */
  send<T>(call: () => Promise<T>): Promise<T> {
    return this.#alternation.write(call);
  }

  /**
   * Removes several.
   *
   * @param call sends the call for all. @returns whether its answer said nothing else than that it succeeded
   * @returns those that are still there, or can't be proven to be gone
   */
  async remove(old: readonly OldMember[], call: () => Promise<boolean>): Promise<ReadonlySet<string>> {
    const names = old.map(({ name }) => name);
    await this.#lookAround(names);
    const isPlain = await this.send(call);
    const samples = this.#samplesOf(names);
    const left = await this.#prove(samples);
    const doubtful: string[] = [];
    for (const { name, role } of old.filter((each) => !samples.includes(each.name))) {
      const isTrusted = isPlain && role !== "roles/project.admin" && this.#isTrusted(name);
      if (isTrusted) this.#unchecked.add(name);
      else doubtful.push(name);
    }
    return new Set([...left, ...(await this.#prove(doubtful))]);
  }

  /** Reads the lists that may spare a look at each project. */
  async #lookAround(names: readonly string[]): Promise<void> {
    await Promise.all(
      Array.from(this.#byList(names), async ([list, all]) => {
        const count = countProjects(
          all.filter((name) => !list.hasShown(name) && !this.#proven.has(parentOf(name))),
        );
        if (count >= fewest || list.isUnfinished) await list.lookAround(count);
      }),
    );
  }

  /** Where a list would do, and a call for several was never seen to work: one of those that went, for each such list. */
  #samplesOf(names: readonly string[]): string[] {
    return Array.from(this.#byList(names)).flatMap(([list, all]) =>
      list.isReliable && !list.isRemovalProven ? all.filter((name) => list.hasShown(name)).slice(0, 1) : [],
    );
  }

  /** Whether a removal may be answered without a proof of its own. */
  #isTrusted(name: string): boolean {
    const list = this.#listOf(name);
    const isListed = list?.isReliable === true && list.isRemovalProven && list.hasShown(name);
    return isListed || this.#proven.has(parentOf(name));
  }

  /** @returns those that are still there, or can't be proven to be gone */
  async #prove(names: readonly string[]): Promise<ReadonlySet<string>> {
    const proofs = await Promise.all(
      Array.from(this.#byList(names), async ([list, all]) => {
        const shown = all.filter((name) => list.hasShown(name));
        // One request more tells whether we still administer the organization.
        const mayCost = countProjects(shown) - 1;
        if (!list.isReliable || mayCost < 1 || !list.isShort(mayCost)) return [];
        return [await this.#alternation.look(() => list.prove(shown, mayCost))];
      }),
    );
    const gone = new Set(proofs.flat().flatMap((proof) => proof.gone));
    const seen = new Set(proofs.flat().flatMap((proof) => proof.seen));
    const left = await leftInProjects(
      this.api,
      names.filter((name) => !gone.has(name)),
    );
    for (const name of names) {
      const list = this.#listOf(name);
      this.#proven.add(parentOf(name));
      if (list === undefined) continue;
      list.isRemovalProven = true;
      // A list that shows a removed member lags behind. If a member stayed, the list proves nothing about the others.
      if (left.has(name) || seen.has(name)) list.isReliable = false;
    }
    for (const name of left) this.#proven.delete(parentOf(name));
    return left;
  }

  /** Checks the removals that were answered without proof. Removes members that are still there one by one. */
  async #check(): Promise<ReadonlyMap<string, Error>> {
    const names = [...this.#unchecked];
    this.#unchecked.clear();
    const failures = await Promise.all(
      Array.from(await this.#prove(names), (name) =>
        this.send(() => remove(this.api, name)).then(
          () => [],
          (error: unknown) => [[name, error as Error] as const],
        ),
      ),
    );
    return new Map(failures.flat());
  }

  /** The list across projects that a member stands in; undefined where its organization is not known. */
  #listOf(name: string): OrganizationMembers | undefined {
    const organization = knownOrganization(this.api, parentOf(name));
    if (organization === undefined) return undefined;
    const list = this.#lists.get(organization) ?? new OrganizationMembers(this.api, organization);
    this.#lists.set(organization, list);
    return list;
  }

  #byList(names: readonly string[]): Map<OrganizationMembers, string[]> {
    const known = new Map<OrganizationMembers, string[]>();
    for (const name of names) {
      const list = this.#listOf(name);
      if (list !== undefined) known.set(list, [...(known.get(list) ?? []), name]);
    }
    return known;
  }
}

const countProjects = (names: readonly string[]): number => new Set(names.map(parentOf)).size;

/** Those of `names` that the lists of their projects show, or whose list can't be read. */
async function leftInProjects(api: Api, names: readonly string[]): Promise<ReadonlySet<string>> {
  const left = await Promise.all(
    Array.from(groupBy(names, parentOf), async ([project, members]) => {
      try {
        const seen = new Set((await listMembers(api, project)).map(({ name }) => name));
        return members.filter((name) => seen.has(name));
      } catch {
        return members;
      }
    }),
  );
  return new Set(left.flat());
}

/** An error for the operation that is answered last, about those that were answered before. */
function tellFailures(failures: ReadonlyMap<string, Error>): Error {
  const lines = Array.from(failures, ([name, { message }]) => `${name}: ${message}`);
  return new Error(
    `The API said that these memberships were removed, but they are still there, and removing them one by one failed. Pulumi's state no longer has them: remove them in DT Studio, or declare them again with adopt: true.\n${lines.join("\n")}`,
  );
}
