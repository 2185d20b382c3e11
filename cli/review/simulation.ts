import { keyOf, type Grant, type Member, type Membership } from "../../access/effective.js";
import { idOf } from "../../provider/api/reads/find.js";
import type { Renaming } from "../guard/judge.js";
import { coming, isUnknown, leaving, shown, typeOf, type State, type Step } from "../guard/plan.js";
import type { Rename } from "../guard/renames.js";
import type { Outcome } from "../guard/sameThing.js";
import { declaredBinding, grantOf, isBinding, recordedBinding, type Binding } from "./bindings.js";
import { removalsByLists, type ListRemoval } from "./listRemovals.js";
import type { People } from "./people.js";

/** The memberships before and after a plan, with what declares them. */
export interface Simulation {
  readonly before: { readonly memberships: readonly Membership[]; readonly grants: readonly Grant[] };
  readonly after: { readonly memberships: readonly Membership[]; readonly grants: readonly Grant[] };
  readonly lists: readonly ListRemoval[];
  readonly refusals: readonly Refusal[];
  /** The URNs of resources whose member may be another one after the update. The preview does not tell. */
  readonly undecided: readonly string[];
}

/** A change that the update will refuse, so that nothing changes. */
export interface Refusal {
  readonly urn: string;
  readonly place: string;
  readonly member: Member;
  /** `member`: it is a member already, and the resource does not adopt it. `stranger`: it is no longer a member. */
  readonly why: "member" | "stranger";
  /** The present role. */
  readonly role: string;
}

interface Question {
  readonly renaming: Renaming;
  readonly people: People;
  /** What the cloud shows, by place. A place that was not read is missing: then the state tells. */
  readonly read: ReadonlyMap<string, readonly Membership[]>;
  /** Further memberships of accounts that the plan deletes. */
  readonly elsewhere: readonly Membership[];
  readonly asOf: Date;
}

/** Works out which memberships an update adds, changes and removes. The decisions are those of the provider. */
export function simulate({ renaming, people, read, elsewhere, asOf }: Question): Simulation {
  const steps = renaming.moved;
  const bindings = steps.filter(isBinding);
  const recorded = bindings.flatMap(({ urn, oldState }) =>
    oldState === undefined || oldState.id === "" ? [] : [recordedBinding(urn, oldState, people)],
  );
  const byState = new Map(bindings.map((step) => [step.newState, declaredBinding(step, people, asOf)]));
  const declared = [...byState.values()].filter((binding) => binding !== undefined);
  const before = new Cells(new Set(read.keys()));
  for (const memberships of [...read.values(), elsewhere]) memberships.forEach((each) => before.set(each));
  for (const binding of recorded)
    if (!read.has(binding.place) && !binding.hasEnded) before.set(membershipOf(binding));

  const after = before.copy();
  const accounts = leaving(steps.filter((step) => typeOf(step) === "ServiceAccount"));
  const projects = leaving(steps.filter((step) => typeOf(step) === "Project"));
  const gone = new Set(accounts.map(({ state }) => idOf(state.id)));
  const closed = new Set(projects.map(({ state }) => state.id));
  after.removeWhere(({ member, place }) => gone.has(member.id) || closed.has(place));
  const lists = removalsByLists(steps, people).map((list) => ({
    ...list,
    members: list.members.filter((member) => {
      const isHeld = declared.some(
        (each) => each.place === list.place && keyOf(each.member) === keyOf(member),
      );
      return !isHeld && before.has(list.place, member);
    }),
  }));
  for (const { place, members } of lists) members.forEach((member) => after.remove(place, member));
  const refusals = applyBindings({ steps: bindings, declared: byState, people, renaming, before, after });
  return {
    before: { memberships: before.all(), grants: recorded.map(grantOf) },
    after: { memberships: after.all(), grants: declared.map(grantOf) },
    lists: lists.filter(({ members }) => members.length > 0),
    refusals,
    undecided: undecidedIn(steps, people),
  };
}

interface Applying {
  readonly steps: readonly Step[];
  /** What the resources declare, by their states after the plan. */
  readonly declared: ReadonlyMap<State | undefined, Binding | undefined>;
  readonly people: People;
  readonly renaming: Renaming;
  readonly before: Cells;
  readonly after: Cells;
}

/** Removes first, then adds: a membership stays if one resource drops it and another one adopts it. */
function applyBindings({ steps, declared, people, renaming, before, after }: Applying): Refusal[] {
  // A new resource whose access has ended adds nobody, so the API refuses nothing.
  const refused = statesOf(renaming, "refused", ({ to }) => declared.get(to.state)?.hasEnded !== true);
  const adopted = statesOf(renaming, "kept");
  const came = new Set(coming(steps).map(({ state }) => state));
  const removed = new Set<string>();
  const remove = ({ place, member, urn }: Binding): void => {
    after.remove(place, member);
    removed.add(`${urn} ${place} ${keyOf(member)}`);
  };
  leaving(steps)
    .filter(({ state }) => !refused.has(state))
    .forEach(({ urn, state }) => remove(recordedBinding(urn, state, people)));
  return steps.flatMap((step): Refusal[] => {
    const { oldState, newState, urn, op } = step;
    const binding = declared.get(newState);
    if (binding === undefined || newState === undefined) return [];
    const { place, member } = binding;
    // If somebody has removed the member meanwhile, nothing refuses the new resource.
    if (refused.has(newState) && before.has(place, member)) {
      return [{ urn, place, member, why: "member", role: before.roleOf(place, member) }];
    }
    const old = oldState === undefined ? undefined : recordedBinding(urn, oldState, people);
    if (op === "update" && old !== undefined && isSame(old, binding, newState)) {
      const isForced = adopted.has(newState) || oldState?.outputs.incomplete !== undefined;
      const changed = update(old, binding, isForced);
      if (changed === undefined) return [];
      if (before.isRead(place) && !before.has(place, old.member) && !old.hasEnded && changed.role !== "")
        return [{ urn, place, member: old.member, why: "stranger", role: "" }];
      after.put({ ...changed, status: before.statusOf(old.place, old.member) });
      return [];
    }
    if (op !== "update" && !came.has(newState)) return [];
    // The engine replaces a resource whose member turns out to be another one.
    if (op === "update" && old !== undefined) remove(old);
    const role = before.roleOf(place, member);
    const isOwn = removed.has(`${urn} ${place} ${keyOf(member)}`);
    const isOthers = role !== "" && !isOwn && newState.inputs.adopt !== true;
    if (binding.hasEnded && isOthers) return [];
    if (isOthers) {
      after.put({ ...membershipOf(binding), role, status: before.statusOf(place, member) });
      return [{ urn, place, member, why: "member", role }];
    }
    after.put({ ...membershipOf(binding), role: binding.hasEnded ? "" : binding.role });
    return [];
  });
}

/** The states of renamed resources: the old ones and the new ones. */
const statesOf = (
  { renames }: Renaming,
  outcome: Outcome,
  isMeant: (rename: Rename) => boolean = () => true,
): ReadonlySet<State> =>
  new Set(
    renames
      .filter((rename) => rename.outcome === outcome && isMeant(rename))
      .flatMap(({ from, to }) => [from.state, to.state]),
  );

/**
 * Finds bindings whose member is not known and can be a new account of the plan: streamed previews do not say which
 * resource a member comes from.
 */
function undecidedIn(steps: readonly Step[], people: People): string[] {
  const hasNewAccount = coming(steps.filter((step) => typeOf(step) === "ServiceAccount")).length > 0;
  if (!hasNewAccount) return [];
  return steps
    .filter((step) => isBinding(step) && step.op === "update")
    .flatMap(({ urn, newState }) =>
      newState !== undefined && people.declared(newState) === undefined && isUnknown(newState.inputs.member)
        ? [urn]
        : [],
    );
}

/**
 * Whether a resource still names the same member in the same place. If the preview shows another address for a resource
 * that it does not replace, the provider has found the same person behind it.
 */
const isSame = (old: Binding, { member, place }: Binding, { inputs }: State): boolean =>
  place === old.place &&
  (shown(inputs.member) !== undefined || keyOf(member) === keyOf(old.member) || member.kind === "person");

/** What an update of a binding leaves. Undefined if it does not touch the membership. */
function update(old: Binding, binding: Binding, isForced: boolean): Membership | undefined {
  const membership = { ...membershipOf(binding), member: old.member };
  if (binding.hasEnded) return old.hasEnded ? undefined : { ...membership, role: "" };
  return old.hasEnded || isForced || old.role !== binding.role ? membership : undefined;
}

const membershipOf = ({ member, place, role }: Binding): Membership => ({
  ...{ member, place, role },
  status: "",
  since: "",
});

const cellOf = (place: string, member: Member): string => `${place} ${keyOf(member)}`;

/** Memberships by place and member. */
class Cells {
  readonly #read: ReadonlySet<string>;
  readonly #cells: Map<string, Membership>;

  /** @param read the places whose members the cloud shows */
  constructor(read: ReadonlySet<string>, cells: Iterable<[string, Membership]> = []) {
    this.#read = read;
    this.#cells = new Map(cells);
  }

  isRead = (place: string): boolean => this.#read.has(place);

  set(membership: Membership): void {
    this.#cells.set(cellOf(membership.place, membership.member), membership);
  }

  /** Sets a membership. One without a role is removed. */
  put(membership: Membership): void {
    if (membership.role === "") this.remove(membership.place, membership.member);
    else this.set(membership);
  }

  has = (place: string, member: Member): boolean => this.#cells.has(cellOf(place, member));
  roleOf = (place: string, member: Member): string => this.#cells.get(cellOf(place, member))?.role ?? "";
  statusOf = (place: string, member: Member): string => this.#cells.get(cellOf(place, member))?.status ?? "";
  remove = (place: string, member: Member): boolean => this.#cells.delete(cellOf(place, member));
  copy = (): Cells => new Cells(this.#read, this.#cells);
  all = (): Membership[] => [...this.#cells.values()];

  removeWhere(isOut: (membership: Membership) => boolean): void {
    for (const [key, membership] of this.#cells) if (isOut(membership)) this.#cells.delete(key);
  }
}
