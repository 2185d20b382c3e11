import { canonicalEmail } from "../../provider/api/text/email.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { rankOf } from "../../provider/api/text/roles.js";
import { isAccountEmail } from "../../access/members.js";
import type { Identities } from "./identity.js";
import { leaving, shown, typeOf, type State, type Step } from "./plan.js";

/** A planned step that would lock somebody out. */
export interface Lockout {
  readonly urn: string;
  readonly op: string;
  /** The consequence, in one sentence. */
  readonly message: string;
  /** Whether the resource sets `allowLockout`. */
  readonly isAllowed: boolean;
}

/** Planned steps that remove something that Pulumi's own identity needs: its account, its keys or its memberships. */
export function ownLockouts(steps: readonly Step[], identities: Identities): Lockout[] {
  const ours = withKeyOwners(steps, identities);
  return steps.flatMap((step) => {
    const message = isRemoval(step) ? lossIn(step, ours) : changeIn(step, ours);
    return message === undefined ? [] : [lockout(step, message)];
  });
}

/** Whether a step deletes something in the cloud. It doesn't if Pulumi only removes it from the state. */
export const isRemoval = (step: Step): boolean => leaving([step]).length > 0;

export const lockout = ({ urn, op, oldState, newState }: Step, message: string): Lockout => ({
  urn,
  op,
  message,
  isAllowed: (newState ?? oldState)?.inputs.allowLockout === true,
});

/** Adds the emails of the accounts that own the known keys. With Basic authentication, only the key id is known. */
export function withKeyOwners(steps: readonly Step[], identities: Identities): Identities {
  const owners = steps.flatMap(({ oldState }) => {
    const [keyId, email] = [shown(oldState?.outputs.keyId), shown(oldState?.outputs.email)];
    return keyId !== undefined && identities.keyIds.has(keyId) && email !== undefined
      ? [{ keyId, email: canonicalEmail(email) }]
      : [];
  });
  const owned = new Set(owners.map(({ keyId }) => keyId));
  return {
    ...identities,
    emails: new Set([...identities.emails, ...owners.map(({ email }) => email)]),
    ownerless: new Set([...identities.ownerless].filter((keyId) => !owned.has(keyId))),
  };
}

function lossIn(step: Step, { emails, keyIds }: Identities): string | undefined {
  const { id = "", outputs = {} } = step.oldState ?? {};
  switch (typeOf(step)) {
    case "ServiceAccount": {
      return emails.has(canonicalEmail(String(outputs.email))) || isAccountOf(id, emails)
        ? `deletes ${id}, the service account that Pulumi logs in as`
        : undefined;
    }
    case "ServiceAccountKey": {
      const ids = [idOf(id), outputs.keyId, outputs.previousKeyId];
      const used = ids.filter((keyId) => typeof keyId === "string").find((keyId) => keyIds.has(keyId));
      return used === undefined ? undefined : `deletes key ${used}, which Pulumi logs in with`;
    }
    case "Project": {
      // The email of a service account contains its project's id.
      const ours = [...emails].find((email) => email.includes(`@${idOf(id)}.`) && isAccountEmail(email));
      return ours === undefined
        ? undefined
        : `deletes ${id}, the project of ${ours}, which Pulumi logs in as`;
    }
    case "ProjectRoleBinding":
    case "OrgAdminBinding":
      return isOurMembership(step.oldState, emails)
        ? `takes the identity that Pulumi runs as out of ${parentOf(id)}`
        : undefined;
    default:
      return undefined;
  }
}

/** Compares the declared email, the current email and the account's id. */
export const isOurMembership = (state: State | undefined, emails: ReadonlySet<string>): boolean =>
  state !== undefined &&
  ([state.inputs.member, state.outputs.email].some((each) => emails.has(canonicalEmail(String(each)))) ||
    isAccountOf(state.id, emails));

/** A service account's id is the local part of its email and its member id in every project. */
export const isAccountOf = (id: string, emails: ReadonlySet<string>): boolean =>
  [...emails].some((email) => isAccountEmail(email) && email.split("@")[0] === idOf(id));

function changeIn(step: Step, { emails, usesBasic }: Identities): string | undefined {
  const { oldState, newState, op } = step;
  if (op !== "update" || !oldState || !newState) return undefined;
  const { id, inputs: before, outputs } = oldState;
  const { inputs: after } = newState;
  if (typeOf(step) === "ServiceAccount") {
    const isOurs = emails.has(canonicalEmail(String(outputs.email))) || isAccountOf(id, emails);
    const endsLogin = usesBasic && before.enableBasicAuth === true && after.enableBasicAuth === false;
    return isOurs && endsLogin
      ? `switches off Basic authentication of ${id}, which Pulumi logs in with`
      : undefined;
  }
  if (typeOf(step) !== "ProjectRoleBinding" || before.role === after.role) return undefined;
  if (!isOurMembership(oldState, emails) || isAtLeast(after.role, before.role)) return undefined;
  return `demotes the identity that Pulumi runs as from ${String(before.role)} to ${String(after.role)} in ${parentOf(id)}`;
}

/** Unknown roles can't be compared. */
const isAtLeast = (role: unknown, other: unknown): boolean =>
  rankOf(String(other)) >= 0 && rankOf(String(role)) >= rankOf(String(other));
