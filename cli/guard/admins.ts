import type { Api } from "../../provider/api/http/client.js";
import { canonicalEmail } from "../../provider/api/text/email.js";
import { ApiError } from "../../provider/api/http/errors.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import { listMembers } from "../../provider/api/reads/memberLists.js";
import { kindInUrn } from "../../provider/stack/doors.js";
import { isRefusedLogin } from "../cloud/lists.js";
import { isAccountEmail } from "../../access/members.js";
import { isRemoval, lockout, type Lockout } from "./lockouts.js";
import { coming, typeOf, type Step } from "./plan.js";

/** Organizations that a plan would leave without an administrator, and those where this can't be determined. */
export interface AdminCheck {
  readonly lockouts: readonly Lockout[];
  /** Other warnings about the plan. */
  readonly warnings: readonly string[];
  readonly unread: readonly string[];
}

/** Thrown instead of a login if the cloud is not to be asked. The message says why. */
export class NotAsked extends Error {}

/** Checks all removals together, because each removal by itself might leave another administrator. */
export async function checkAdmins(steps: readonly Step[], openApi: () => Promise<Api>): Promise<AdminCheck> {
  const organizations = [...new Set(bindingsIn(steps).map(({ oldState }) => parentOf(oldState?.id ?? "")))];
  const result = { lockouts: [] as Lockout[], warnings: [] as string[], unread: [] as string[] };
  for (const organization of organizations.sort()) {
    const removals = removalsIn(steps, organization);
    if (removals.length === 0) continue;
    try {
      const members = await listMembers(await openApi(), organization);
      if (!members.some(isWorkingAdmin)) {
        result.unread.push(`${organization}: nobody is seen to administer it`);
        continue;
      }
      const { lockouts, warnings, unread } = judge(organization, members, steps, removals);
      result.unread.push(...unread);
      result.lockouts.push(...lockouts);
      result.warnings.push(...warnings);
    } catch (error) {
      const isUnread = error instanceof NotAsked || (error instanceof ApiError && !isRefusedLogin(error));
      if (!isUnread) throw error;
      result.unread.push(`${organization}: who administers it could not be read: ${error.message}`);
    }
  }
  return result;
}

function judge(
  organization: string,
  members: readonly MemberBody[],
  steps: readonly Step[],
  removals: readonly Step[],
): AdminCheck {
  const leaving = new Set(removals.map(({ oldState }) => idOf(oldState?.id ?? "")));
  const working = members.filter(isWorkingAdmin);
  const gone = working.filter(({ name }) => leaving.has(idOf(name)));
  if (gone.length === 0 || gone.length < working.length) return { lockouts: [], warnings: [], unread: [] };

  const coming = newcomers(steps, organization);
  if (coming.some(isServiceAccount)) return { lockouts: [], warnings: [], unread: [] };
  const who = gone.map(({ email }) => email).join(" and ");
  if (coming.includes(secret)) {
    const doubt = `${organization} loses ${who}: whether the one who comes can administer it at once, since the address is a secret`;
    return { lockouts: [], warnings: [], unread: [doubt] };
  }
  if (coming.length > 0) {
    const warning = `${organization} loses ${who}, and ${coming.join(" and ")} can administer it only once the invitation is accepted`;
    return { lockouts: [], warnings: [warning], unread: [] };
  }
  const message = `leaves ${organization} without an administrator who can undo it: the plan removes the last ones, ${who}`;
  return { lockouts: removals.map((step) => lockout(step, message)), warnings: [], unread: [] };
}

const isWorkingAdmin = ({ roles, status }: MemberBody): boolean =>
  roles.includes("roles/organization.admin") && !/^(PENDING|EXPIRED)$/i.test(status);

const bindingsIn = (steps: readonly Step[]): Step[] =>
  steps.filter((step) => typeOf(step) === "OrgAdminBinding" && step.oldState !== undefined);

/** Steps that end an administrator's membership by removing the membership or the account. */
function removalsIn(steps: readonly Step[], organization: string): Step[] {
  const bindings = bindingsIn(steps).filter(({ oldState }) => parentOf(oldState?.id ?? "") === organization);
  const admins = new Set(bindings.map(({ oldState }) => idOf(oldState?.id ?? "")));
  return [
    ...bindings.filter(isRemoval),
    ...steps.filter(
      (step) =>
        isRemoval(step) && typeOf(step) === "ServiceAccount" && admins.has(idOf(step.oldState?.id ?? "")),
    ),
  ];
}

/** Pulumi's text for a secret email. */
const secret = "[secret]";

/** Emails of the administrators that the plan adds. An email that isn't known yet, as for a new account, is "". */
const newcomers = (steps: readonly Step[], organization: string): string[] =>
  coming(steps.filter((step) => typeOf(step) === "OrgAdminBinding")).flatMap(({ state }) => {
    const { inputs, propertyDependencies } = state;
    if (inputs.organization !== organization) return [];
    if (inputs.member !== secret)
      return [typeof inputs.member === "string" ? canonicalEmail(inputs.member) : ""];
    const isAccounts = (propertyDependencies.member ?? []).some((urn) =>
      ["ServiceAccount", "ServiceAccountKey"].includes(kindInUrn(urn) ?? ""),
    );
    return [isAccounts ? "" : secret];
  });

/** Service accounts become members immediately. An unknown email belongs to an account that the same plan creates. */
const isServiceAccount = (email: string): boolean =>
  email !== secret && (!email.includes("@") || isAccountEmail(email));
