import { findMemberByEmail } from "../api/reads/memberLists.js";
import { notice } from "../api/text/notice.js";
import { hasEnded, type Ending, type RecordedEnding } from "../contract/expiry.js";
import type { Declaring, Due } from "../contract/resource.js";
import { isOurOwn, UnknownOwner, wayOut, type Overridable } from "../guards/lockout.js";
import { decisionDate, type Session } from "../session/session.js";
import { announceMembershipAdoption } from "./adoption.js";
import { membershipOutputs, rolesOf, type Grant, type MembershipOutputs } from "./membershipOutputs.js";

/** Decides when the access of a binding ends, and says so in previews. */

/** The inputs of a binding that matter for the end of its access. */
export interface EndingInputs extends Ending, Overridable {
  readonly adopt?: true | undefined;
}

/** Whether the access of a binding is over. Asks for the time only if the access has an end. */
export async function isOver(ending: Ending, session: Session, state?: RecordedEnding): Promise<boolean> {
  if (ending.expires === undefined) return false;
  return hasEnded(ending, await decisionDate(session.settings, () => session), state);
}

/** Decides whether the access ends, or begins again, although nothing else makes an update necessary. */
export async function whatEnds(
  state: RecordedEnding,
  inputs: Ending,
  { parent, member, role }: Grant,
  date: () => Promise<Date>,
): Promise<Due<MembershipOutputs> | undefined> {
  const isOverNow = inputs.expires !== undefined && hasEnded(inputs, await date(), state);
  if (isOverNow === (state.expired === true)) return undefined;
  const access = `the access of ${member} to ${parent} as ${role.replace(/^roles\//, "")}`;
  return isOverNow
    ? { reason: `${access} ends: ${whyOver(inputs)}`, moves: ["status", "expired"] }
    : { reason: `${access} begins again: ${whyAgain(inputs)}`, moves: outputNames };
}

const outputNames = Object.keys(membershipOutputs) as (keyof MembershipOutputs)[];

export const whyOver = ({ expires = "" }: Ending): string => `expires ${expires} has passed`;

const whyAgain = ({ expires }: Ending): string =>
  expires === undefined ? "it has no end any more" : `it ends at expires ${expires}`;

/**
 * Refuses an end for the access of the identity that this run logs in as. For a new resource, also says what is adopted
 * or removed, and that access which is over is not granted.
 */
export async function declareEnd(
  inputs: EndingInputs,
  grant: Grant,
  { isNew, settings, open }: Declaring,
): Promise<string | undefined> {
  const { expires, adopt, allowLockout } = inputs;
  const { parent, member } = grant;
  if (expires === undefined) return undefined;
  if (allowLockout !== true && (await isOurOwnIfKnown()))
    return `refused: expires ends the access of ${member} to ${parent}, and ${member} is the identity this run logs in as. ${wayOut}`;
  if (!isNew) return undefined;
  const session = await open();
  if (!(await isOver(inputs, session))) return undefined;
  const present = adopt === true ? await findMemberByEmail(session.api, parent, member) : undefined;
  notice(
    present === undefined
      ? `${member} gets no access to ${parent}: ${whyOver(inputs)}`
      : `adopt: will remove ${present.name} (${member}, ${rolesOf(present)}): ${whyOver(inputs)}`,
  );
  return undefined;

  async function isOurOwnIfKnown(): Promise<boolean> {
    try {
      return await isOurOwn({ member }, open, settings);
    } catch (error) {
      // The removal asks again, and needs an answer.
      if (error instanceof UnknownOwner) return false;
      throw error;
    }
  }
}

/** Prints what `adopt` will adopt, unless the access is over. Then {@link declareEnd} prints what is removed. */
export async function announceAdoptionOf(
  inputs: EndingInputs,
  grant: Grant,
  session: Session,
): Promise<void> {
  if (!(await isOver(inputs, session))) await announceMembershipAdoption(grant, session);
}
