import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { kindOfType } from "../../provider/stack/doors.js";
import { membershipsByMember } from "./memberships.js";
import { nameIn } from "../../provider/stack/urns.js";
import { coming, leaving, shown, typeOf, type Side, type State, type Step } from "./plan.js";
import { judges, type AccountOf, type Outcome, type Verdict } from "./sameThing.js";

/** A resource that has one name in the state and another name in the program. */
export interface Rename {
  readonly type: string;
  readonly from: Side;
  readonly to: Side;
  readonly outcome: Outcome;
  /** Other possible values of `from`. The preview doesn't show which one it is. */
  readonly orFrom: readonly Side[];
}

/** A new resource that may be one of the deleted resources. The preview doesn't show enough to tell. */
export interface Undecided {
  readonly type: string;
  readonly to: Side;
  readonly candidates: readonly Side[];
}

export interface Renames {
  readonly renames: readonly Rename[];
  readonly undecided: readonly Undecided[];
}

/** Finds resources that a plan deletes under one name and creates under another. */
export function findRenames(steps: readonly Step[]): Renames & { readonly accountOf: AccountOf } {
  // Keys and memberships are matched by their accounts, so the accounts come first.
  const accounts = renamesOf("ServiceAccount", steps, () => undefined);
  const accountOf = accountsIn(steps, accounts);
  const others = Object.keys(judges)
    .filter((type) => type !== "ServiceAccount")
    .map((type) => renamesOf(type, steps, accountOf));
  const all = [accounts, ...others];
  return {
    renames: all.flatMap(({ renames }) => renames),
    undecided: all.flatMap(({ undecided }) => undecided),
    accountOf,
  };
}

/**
 * The plan without deletions that don't delete anything in the cloud. A deletion plus an adoption under another name
 * becomes an update. A deletion of something that another resource of the stack still manages is left out.
 */
export function withoutMoves(steps: readonly Step[], renames: readonly Rename[]): Step[] {
  const moved = renames.filter(({ outcome }) => outcome === "kept");
  const stays = new Set(moved.map(({ from }) => from.state));
  const comes = new Set(moved.map(({ to }) => to.state));
  const held = new Set(
    steps.flatMap(({ op, oldState, newState }) => {
      if (["same", "update"].includes(op) && oldState) return [thingIn(oldState)];
      // The plan has no id for an imported resource, only the name of the object.
      return ["import", "import-replacement"].includes(op) && newState
        ? [thingIn({ ...newState, id: newState.importID })]
        : [];
    }),
  );
  const rest = steps.flatMap((step) => {
    const { oldState, newState, ...what } = step;
    const isKept = leaving([step]).some(({ state }) => stays.has(state) || held.has(thingIn(state)));
    const isMoved = newState !== undefined && comes.has(newState);
    if (!isKept && !isMoved) return [step];
    if (step.op !== "replace" || (isKept && isMoved)) return [];
    return isKept
      ? [{ ...what, op: "create-replacement", newState }]
      : [{ ...what, op: "delete-replaced", oldState }];
  });
  const moves = moved.map(({ from, to }) => ({
    op: "update",
    urn: to.urn,
    oldState: from.state,
    newState: to.state,
  }));
  return [...rest, ...moves];
}

/** Identifies the object in the cloud. After a rotation, the id of a key resource is still the id of its first key. */
const thingIn = ({ type, id, outputs }: State): string =>
  `${kindOfType(type)} ${parentOf(id)} ${shown(outputs.keyId) ?? idOf(id)}`;

interface Pair {
  readonly from: Side;
  readonly to: Side;
  readonly verdict: Exclude<Verdict, undefined>;
  readonly rank: number;
}

function renamesOf(type: string, steps: readonly Step[], accountOf: AccountOf): Renames {
  const judge = judges[type];
  const ours = steps.filter((step) => typeOf(step) === type);
  const [old, fresh] = [leaving(ours), coming(ours)];
  const candidates = candidatesIn(type, old, accountOf);
  const pairsOf = new Map(
    fresh.map((to) => [
      to,
      candidates(to).flatMap((from): Pair[] => {
        const verdict = judge?.(from, to, accountOf);
        return verdict === undefined ? [] : [{ from, to, verdict, rank: rankOf(from, to, verdict) }];
      }),
    ]),
  );
  const taken = new Set<State>();
  const chosen = [...pairsOf.values()]
    .flat()
    .filter(({ verdict }) => verdict !== "unknown")
    .sort((a, b) => a.rank - b.rank)
    .filter(({ from, to }) => {
      if (taken.has(from.state) || taken.has(to.state)) return false;
      taken.add(from.state).add(to.state);
      return true;
    });
  return {
    renames: chosen
      .filter(({ from, to }) => from.urn !== to.urn)
      .map(({ from, to, verdict, rank }) => ({
        type,
        from,
        to,
        outcome: verdict as Outcome,
        orFrom: (pairsOf.get(to) ?? [])
          .filter((other) => other.from !== from && other.rank === rank)
          .map((other) => other.from),
      })),
    undecided: fresh
      .filter(({ state }) => !taken.has(state))
      .map((to) => ({
        type,
        to,
        candidates: (pairsOf.get(to) ?? [])
          .filter((pair) => !taken.has(pair.from.state) && pair.from.urn !== to.urn)
          .map(({ from }) => from),
      }))
      .filter(({ candidates }) => candidates.length > 0),
  };
}

/**
 * The resources to compare a new one with. There can be thousands of memberships, so only those of its member are
 * compared.
 */
function candidatesIn(
  type: string,
  old: readonly Side[],
  accountOf: AccountOf,
): (to: Side) => readonly Side[] {
  if (!type.endsWith("Binding")) return () => old;
  const byMember = membershipsByMember(old);
  return ({ state }) => {
    const account = accountOf(state, "member");
    return account === "new" ? [] : byMember(shown(state.inputs.member) ?? account?.email);
  };
}

/** The rank of a match, the best first: the same URN, then the value of `adopt`, then the most similar name. */
function rankOf(from: Side, to: Side, verdict: Verdict): number {
  if (from.urn === to.urn) return 0;
  const isNamesake = nameIn(from.urn) === nameIn(to.urn);
  const isSibling = from.state.parent === to.state.parent;
  return (verdict === "kept" ? 1 : 5) + (isNamesake ? 0 : 2) + (isSibling ? 0 : 1);
}

/** Finds the account of an input by its value or, if the value isn't known yet, by the resource that it depends on. */
function accountsIn(steps: readonly Step[], { renames, undecided }: Renames): AccountOf {
  const byUrn = new Map(steps.map((step) => [step.urn, step]));
  const renamed = new Map(renames.map((rename) => [rename.to.urn, rename]));
  const isOpen = new Set(undecided.map(({ to }) => to.urn));

  const accountOf: AccountOf = (state, input) => {
    const value = shown(state.inputs[input]);
    if (value !== undefined) return { name: value, email: value, isLost: false };
    const [urn = "", ...more] = state.propertyDependencies[input] ?? [];
    const step = more.length === 0 ? byUrn.get(urn) : undefined;
    const type = step === undefined ? undefined : typeOf(step);
    if (step === undefined || (type !== "ServiceAccount" && type !== "ServiceAccountKey")) return undefined;
    const { oldState, newState } = step;
    const isOld = ["same", "update", "refresh", "read"].includes(step.op);
    if (type === "ServiceAccountKey")
      return isOld && oldState !== undefined
        ? { name: parentOf(oldState.id), email: shown(oldState.outputs.email) ?? "", isLost: false }
        : newState && accountOf(newState, "serviceAccount");
    const rename = renamed.get(urn);
    const present = rename?.from.state ?? (isOld ? oldState : undefined);
    if (present === undefined) return isOpen.has(urn) ? undefined : "new";
    const email = shown(present.outputs.email) ?? "";
    return { name: present.id, email, isLost: rename?.outcome === "lost" };
  };
  return accountOf;
}
