import { canonicalEmail } from "../../provider/api/text/email.js";
import { idOf } from "../../provider/api/reads/find.js";
import { isAccountEmail } from "../email.js";
import { shown, type Side, type State } from "./plan.js";

/** Whether a membership in the state is this member's; undefined where the state keeps its address encrypted. */
export function isMemberOf(state: State, member: string): boolean | undefined {
  const address = canonicalEmail(member);
  // A service account's id begins its email, and is its member id everywhere.
  if (isAccountEmail(address)) return accountIn(address) === idOf(state.id);
  const known = addressesOf(state);
  if (known.length > 0) return known.includes(address);
  return state.outputs.accountType === "SERVICE_ACCOUNT" ? false : undefined;
}

/**
 * Looks for the memberships that may be a member's, so that not each new one has to be compared with all.
 * A member that is not known may be anybody.
 */
export function membershipsByMember(old: readonly Side[]): (member: string | undefined) => readonly Side[] {
  const index = new Map<string, Side[]>();
  const add = (key: string, side: Side): void => {
    const sides = index.get(key);
    if (sides === undefined) index.set(key, [side]);
    else sides.push(side);
  };
  for (const side of old) {
    const addresses = addressesOf(side.state);
    for (const key of new Set([...addresses, idOf(side.state.id)])) add(key, side);
    if (addresses.length === 0) add(encrypted, side);
  }
  return (member) => {
    if (member === undefined) return old;
    const address = canonicalEmail(member);
    const keys = [isAccountEmail(address) ? accountIn(address) : address, encrypted];
    return [...new Set(keys.flatMap((key) => index.get(key) ?? []))];
  };
}

/** The key of memberships whose addresses the state keeps encrypted. */
const encrypted = "";

const accountIn = (address: string): string => address.slice(0, address.indexOf("@"));

/** The addresses that the state knows of a membership, in their one spelling; none where it keeps them encrypted. */
const addressesOf = ({ inputs, outputs }: State): string[] =>
  [inputs.member, outputs.member, outputs.email].flatMap((each) => {
    const address = shown(each);
    return address === undefined ? [] : [canonicalEmail(address)];
  });
