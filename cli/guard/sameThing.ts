import { canonicalEmail } from "../../provider/api/text/email.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { isMemberOf } from "./memberships.js";
import { nameIn } from "../../provider/stack/urns.js";
import { shown, type Side, type State } from "./plan.js";

/**
 * What `pulumi up` does with a renamed resource that has no alias.
 *
 * - `kept`: the new resource adopts the existing object
 * - `refused`: the update fails because the object already exists
 * - `lost`: the object is deleted and another one is created
 * - `renewed`: nothing changes in the cloud, but the resource loses its state and starts again
 */
export type Outcome = "kept" | "refused" | "lost" | "renewed";

/** An outcome. `unknown` if the preview doesn't show enough. Undefined if the resources declare different objects. */
export type Verdict = Outcome | "unknown" | undefined;

/** Returns the account of an input: an existing one, or `new` if the plan creates it. Undefined if it isn't known. */
export type AccountOf = (
  state: State,
  input: string,
) => { readonly name: string; readonly email: string; readonly isLost: boolean } | "new" | undefined;

type Judge = (from: Side, to: Side, accountOf: AccountOf) => Verdict;

/** By resource type: decides whether two resources declare the same object. */
export const judges: Readonly<Record<string, Judge>> = {
  Project: judgeProject,
  ServiceAccount: judgeAccount,
  ServiceAccountKey: judgeKey,
  ProjectRoleBinding: judgeMembership("project"),
  OrgAdminBinding: judgeMembership("organization"),
  ProjectAccess: judgeList("project"),
  OrganizationAccess: judgeList("organization"),
  KeyRetirement: judgeRetirement,
};

/** A stack can't create a second project of the same name in an organization. */
function judgeProject({ state: from }: Side, { state: to }: Side): Verdict {
  const isSame = (input: string): boolean | undefined => {
    const [before, after] = [shown(from.inputs[input]), shown(to.inputs[input])];
    return before === undefined || after === undefined ? undefined : before === after;
  };
  if (isSame("organization") === false) return undefined;
  if (to.inputs.adopt !== undefined) {
    const wanted = shown(to.inputs.adopt);
    if (wanted === undefined) return "unknown";
    return [from.id, idOf(from.id), shown(from.inputs.displayName)].includes(wanted) ? "kept" : undefined;
  }
  const hasSameName = isSame("displayName");
  return hasSameName === undefined ? "unknown" : hasSameName ? "refused" : undefined;
}

/** Accounts can only be matched by display name, or by the resource's name if only the parent has changed. */
function judgeAccount(leaving: Side, coming: Side): Verdict {
  const [from, to] = [leaving.state, coming.state];
  const project = shown(to.inputs.project);
  if (project !== undefined && idOf(project) !== idOf(parentOf(from.id))) return undefined;
  if (to.inputs.adopt !== undefined) {
    const wanted = shown(to.inputs.adopt);
    if (wanted === undefined) return "unknown";
    const email = shown(from.outputs.email) ?? "";
    const names = [from.id, idOf(from.id), email].map(canonicalEmail);
    return names.includes(canonicalEmail(wanted)) ? "kept" : undefined;
  }
  const [before, after] = [shown(from.inputs.displayName), shown(to.inputs.displayName)];
  const isNamesake = nameIn(leaving.urn) === nameIn(coming.urn);
  if (!isNamesake && (before === undefined || after === undefined)) return "unknown";
  if (!isNamesake && before !== after) return undefined;
  return project === undefined ? "unknown" : "lost";
}

function judgeKey({ state: from }: Side, { state: to }: Side, accountOf: AccountOf): Verdict {
  const account = accountOf(to, "serviceAccount");
  if (account === "new") return undefined;
  if (account !== undefined && account.name !== parentOf(from.id)) return undefined;
  if (to.inputs.adopt !== undefined) {
    const wanted = shown(to.inputs.adopt);
    if (wanted === undefined) return "unknown";
    const ids = [idOf(from.id), shown(from.outputs.keyId)];
    if (!ids.includes(idOf(wanted))) return undefined;
    return account === undefined || account.isLost ? "lost" : "kept";
  }
  return account === undefined ? "unknown" : "lost";
}

function judgeMembership(scope: "project" | "organization"): Judge {
  return ({ state: from }, { state: to }, accountOf) => {
    const where = shown(to.inputs[scope]);
    if (where !== undefined && idOf(where) !== idOf(parentOf(from.id))) return undefined;
    const account = accountOf(to, "member");
    if (account === "new") return undefined;
    const member = shown(to.inputs.member) ?? account?.email;
    if (member === undefined) return "unknown";
    const isSame = isMemberOf(from, member);
    if (isSame !== true || where === undefined) return isSame === false ? undefined : "unknown";
    if (account?.isLost === true) return "lost";
    return to.inputs.adopt === true ? "kept" : "refused";
  };
}

function judgeList(scope: "project" | "organization"): Judge {
  return ({ state: from }, { state: to }) => {
    const where = shown(to.inputs[scope]);
    return where !== undefined && idOf(where) === idOf(from.id) ? "renewed" : undefined;
  };
}

function judgeRetirement({ state: from }: Side, { state: to }: Side, accountOf: AccountOf): Verdict {
  const account = accountOf(to, "serviceAccount");
  return typeof account === "object" && account.name === shown(from.inputs.serviceAccount)
    ? "renewed"
    : undefined;
}
