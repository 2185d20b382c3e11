import { canonicalEmail } from "../../provider/api/text/email.js";
import { idOf } from "../../provider/api/reads/find.js";
import { isAccountEmail } from "../../access/members.js";
import { shown, type Side, type State } from "./plan.js";

/** Whether a membership in the state belongs to this member. Undefined if the state encrypts its email. */
export function isMemberOf(state: State, member: string): boolean | undefined {
  const address = canonicalEmail(member);
  // A service account's id is the local part of its email and its member id in every project.
  if (isAccountEmail(address)) return accountIn(address) === idOf(state.id);
  const known = addressesOf(state);
  if (known.length > 0) return known.includes(address);
  return state.outputs.accountType === "SERVICE_ACCOUNT" ? false : undefined;
}

/**
 * Indexes memberships by member, so that a new membership is compared only with those that can belong to the same
 * member. An unknown member can be anybody, so all memberships are compared with it.
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

/** The key of memberships whose emails the state encrypts. */
const encrypted = "";

const accountIn = (address: string): string => address.slice(0, address.indexOf("@"));

/** The canonical emails of a membership in the state. Empty if the state encrypts them. */
const addressesOf = ({ inputs, outputs }: State): string[] =>
  [inputs.member, outputs.member, outputs.email].flatMap((each) => {
    const address = shown(each);
    return address === undefined ? [] : [canonicalEmail(address)];
  });
