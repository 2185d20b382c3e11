import { findMemberByEmail } from "../api/reads/memberLists.js";
import type { MemberBody } from "../api/bodies/members.js";
import { notice } from "../api/text/notice.js";
import { assertNoOtherCreation, awaitConcurrentRuns } from "../recovery/concurrentRuns.js";
import { pollForOutcome } from "../recovery/createOnce.js";
import { closeIntent, loadRecordedNames, openIntentsOf } from "../recovery/journal.js";
import type { Session } from "../session/session.js";
import { holderOf } from "../stack/claims.js";
import { isOutcomeOf } from "./membership.js";
import type { Grant } from "./membershipOutputs.js";

/**
 * Takes back a membership that an interrupted run created for this resource. No state holds it, so nothing else would
 * end its access.
 *
 * @param remove removes the membership
 */
export async function takeBackInterrupted(
  { parent, member }: Pick<Grant, "parent" | "member">,
  urn: string,
  session: Session,
  remove: (present: MemberBody) => Promise<void>,
): Promise<void> {
  const { api, settings } = session;
  await loadRecordedNames(urn);
  await awaitConcurrentRuns(urn, settings);
  const earlier = openIntentsOf({ urn, apiUrl: settings.apiUrl, kind: "member", parent });
  assertNoOtherCreation(urn);
  const newest = earlier.at(-1);
  if (newest === undefined) return;
  const present = await pollForOutcome(newest, settings.retryDelay, () =>
    findMemberByEmail(api, parent, member),
  );
  const isOurs = present !== undefined && earlier.some((intent) => isOutcomeOf(intent, present));
  if (isOurs && (await holderOf(present.name, urn)) === undefined) {
    notice(`an interrupted run added ${member} to ${parent}: ${present.name} is removed`);
    await remove(present);
  }
  earlier.forEach(closeIntent);
}
