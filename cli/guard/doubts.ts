import { canonicalEmail } from "../../provider/api/text/email.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { isAccountEmail } from "../../access/members.js";
import type { Identities } from "./identity.js";
import { isAccountOf, isOurMembership, isRemoval, withKeyOwners } from "./lockouts.js";
import { nameIn } from "../../provider/stack/urns.js";
import { isKnownOp, shown, typeOf, type State, type Step } from "./plan.js";

/** Facts that the plan doesn't show and that could make it harmful. One sentence for each. */
export function doubtsAbout(steps: readonly Step[], named: Identities): string[] {
  const identities = withKeyOwners(steps, named);
  const touching = steps.filter((step) => isRemoval(step) || step.op === "update");
  const owned = touching.filter(mayBeAnAccounts);
  const emailUnknown =
    identities.ownerless.size > 0 || (identities.emails.size === 0 && identities.hidden.length === 0);
  return [
    ...steps
      .filter(({ op }) => !isKnownOp(op))
      .map(
        ({ op, urn }) => `what the step "${op}" does with ${nameIn(urn)}: use a newer version of pulumi-dt`,
      ),
    ...about(
      emailUnknown ? owned : [],
      "the identity that runs Pulumi, whose email is not known: set DT_OIDC_EMAIL, or give --email",
    ),
    ...identities.hidden.flatMap((who) => about([...owned, ...touching.filter(isKey)], who)),
    ...about(
      touching.filter((step) => isDoubtfulKey(step, identities)),
      "the key that Pulumi logs in with: give --key-id",
    ),
    ...about(
      touching.filter((step) => isDoubtfulMember(step, identities)),
      "the identity that runs Pulumi, since its address is a secret: give --email by the account's own address",
    ),
    ...about(
      touching.filter((step) => isDoubtfulChange(step, identities)),
      "a change that demotes or locks out the identity that runs Pulumi, since the new value is a secret",
    ),
  ];
}

const about = (steps: readonly Step[], of: string): string[] =>
  steps.length === 0
    ? []
    : [`whether ${[...new Set(steps.map(({ urn }) => nameIn(urn)))].join(" and ")} belongs to ${of}`];

const isKey = (step: Step): boolean => typeOf(step) === "ServiceAccountKey";

function mayBeAnAccounts(step: Step): boolean {
  if (typeOf(step) === "ServiceAccount") return true;
  const { inputs, outputs } = step.oldState ?? {};
  const member = inputs?.member;
  if (typeof member !== "string" || outputs?.accountType === "USER") return false;
  return !member.includes("@") || isAccountEmail(member);
}

/** A key of the account that Pulumi logs in as, if it may be the key that logs in. */
function isDoubtfulKey(step: Step, { emails, keyless, keyIds }: Identities): boolean {
  const { oldState } = step;
  if (!isKey(step) || !isRemoval(step) || oldState === undefined) return false;
  const { keyId, previousKeyId = "" } = oldState.outputs;
  const isKnown = [idOf(oldState.id), keyId, previousKeyId].some((each) => keyIds.has(String(each)));
  if (isKnown) return false;
  const isOf = (owners: ReadonlySet<string>): boolean =>
    isAccountOf(parentOf(oldState.id), owners) ||
    owners.has(canonicalEmail(shown(oldState.outputs.email) ?? ""));
  const isHidden = [keyId, previousKeyId].some((each) => each !== undefined && shown(each) === undefined);
  return isOf(keyless) || (isHidden && isOf(emails));
}

/**
 * Something with a hidden email, if one of the emails that Pulumi logs in with doesn't contain an account id either.
 */
function isDoubtfulMember(step: Step, { emails }: Identities): boolean {
  const { oldState } = step;
  if (oldState === undefined || [...emails].every(isAccountEmail)) return false;
  if (isOurs(step, oldState, emails) || isKey(step)) return false;
  const addresses = [oldState.inputs.member, oldState.outputs.member, oldState.outputs.email];
  const given = addresses.filter((each) => each !== undefined);
  return given.length > 0 && given.every((each) => shown(each) === undefined);
}

function isDoubtfulChange(step: Step, { emails, usesBasic }: Identities): boolean {
  const { op, oldState, newState } = step;
  if (op !== "update" || oldState === undefined || !isOurs(step, oldState, emails)) return false;
  const { role, enableBasicAuth } = newState?.inputs ?? {};
  const isSecret = (value: unknown): boolean => typeof value === "string" && shown(value) === undefined;
  return (
    (typeOf(step) === "ProjectRoleBinding" && isSecret(role) && isSecret(oldState.inputs.role)) ||
    (typeOf(step) === "ServiceAccount" && usesBasic && isSecret(enableBasicAuth))
  );
}

const isOurs = (step: Step, state: State, emails: ReadonlySet<string>): boolean =>
  typeOf(step) === "ServiceAccount"
    ? isAccountOf(state.id, emails) || emails.has(canonicalEmail(String(state.outputs.email)))
    : isOurMembership(state, emails);
