import type { Api } from "../../provider/api/http/client.js";
import { checkAdmins } from "./admins.js";
import { doubtsAbout } from "./doubts.js";
import type { Identities } from "./identity.js";
import { ownLockouts, type Lockout } from "./lockouts.js";
import type { Plan, Step } from "./plan.js";
import { reportRename, reportUndecided, type RenameReport } from "./renameReport.js";
import type { AccountOf } from "./sameThing.js";
import { findRenames, withoutMoves, type Renames } from "./renames.js";

/** What a plan would lock out or lose. */
export interface Judgement {
  readonly lockouts: readonly Lockout[];
  readonly renames: readonly RenameReport[];
  readonly warnings: readonly string[];
  /** Open questions about the plan, each with its reason. */
  readonly unread: readonly string[];
}

/** The steps of a plan, and which of them belong together because they rename a resource. */
export interface Renaming extends Renames {
  /** The account that an input of a resource names, by its value or by the resource that it comes from. */
  readonly accountOf: AccountOf;
  /** The steps without deletions that delete nothing in the cloud. */
  readonly moved: readonly Step[];
}

export function renamingIn({ steps }: Plan): Renaming {
  const found = findRenames(steps);
  return { ...found, moved: withoutMoves(steps, found.renames) };
}

/**
 * Finds lock-outs and renames.
 *
 * @param openApi logs in; called only if the plan removes administrators of an organization
 */
export async function judgePlan(
  { all }: Plan,
  { renames, undecided, moved }: Renaming,
  identities: Identities,
  openApi: () => Promise<Api>,
): Promise<Judgement> {
  const admins = await checkAdmins(moved, openApi);
  const byUrn = new Map(all.map((step) => [step.urn, step]));
  return {
    lockouts: [...ownLockouts(moved, identities), ...admins.lockouts],
    renames: renames.map((rename) => reportRename(rename, byUrn)),
    warnings: [...admins.warnings, ...undecided.map((each) => reportUndecided(each, byUrn))],
    unread: [...doubtsAbout(moved, identities), ...admins.unread],
  };
}
