import { canonicalEmail, emailOf } from "../api/text/email.js";
import { idOf } from "../api/reads/find.js";
import { isInherited, type MemberBody } from "../api/bodies/members.js";
import { notice } from "../api/text/notice.js";
import { isOurOwn, UnknownOwner } from "../guards/lockout.js";
import type { Session } from "../session/session.js";

/** A list of declared members, and their memberships as last seen. */
export interface Watched {
  readonly members: readonly string[];
  readonly mode: "report" | "enforce";
  readonly ignore?: readonly string[] | undefined;
  /** Names of the declared members' memberships, by their declared address, as last seen. */
  readonly known?: Readonly<Record<string, string>>;
}

export interface Comparison {
  /** Members that are neither declared nor ignored. In `enforce`, leaves out the identity that this run logs in as. */
  readonly undeclared: MemberBody[];
  /** Names of the declared members' memberships, by their declared address. */
  readonly known: Readonly<Record<string, string>>;
}

/** Compares the existing members with the declared ones. */
export async function compare(
  all: readonly MemberBody[],
  { members, mode, ignore = [], known = {} }: Watched,
  session: Session,
): Promise<Comparison> {
  const { emailMatcher } = await import("../../files/patterns.js");
  const isIgnored = emailMatcher(ignore);
  const declaredAddress = addressOf(members, known);
  const declared = all.flatMap((member) => {
    const address = declaredAddress(member);
    return address === undefined ? [] : [[address, member] as const];
  });
  for (const [address, member] of declared) tellNewAddress(address, member);
  const seen = { known: Object.fromEntries(declared.map(([address, { name }]) => [address, name])) };
  const undeclared = all.filter((member) => {
    if (isInherited(member) || declaredAddress(member) !== undefined) return false;
    return !isIgnored(emailOf(member));
  });
  if (mode === "report") return { undeclared, ...seen };
  const others = await Promise.all(
    undeclared.map(async (member) => ((await isOurs(member, session)) ? [] : [member])),
  );
  return { undeclared: others.flat(), ...seen };
}

/** Finds the declared address of a member: its current address, or an earlier one of the same membership. */
function addressOf(members: readonly string[], known: Readonly<Record<string, string>>) {
  const declared = new Set(members);
  const addresses = new Map(Object.entries(known).map(([address, name]) => [name, address]));
  return (member: MemberBody): string | undefined =>
    [emailOf(member), addresses.get(member.name)].find(
      (address) => address !== undefined && declared.has(address),
    );
}

function tellNewAddress(declared: string, member: MemberBody): void {
  const email = emailOf(member);
  if (email === declared) return;
  notice(`${member.name}: ${declared} has the address ${email} now, so put that into the list of members`);
}

async function isOurs({ name, email }: MemberBody, session: Session): Promise<boolean> {
  const membership = { member: canonicalEmail(email), memberId: idOf(name) };
  try {
    if (!(await isOurOwn(membership, () => session, session.settings))) return false;
  } catch (error) {
    // The owner of our key can't be seen, so it may be this member.
    if (!(error instanceof UnknownOwner)) throw error;
  }
  notice(
    `${email} is not declared, but is, or may be, the identity this run logs in as: it is never removed`,
  );
  return true;
}
