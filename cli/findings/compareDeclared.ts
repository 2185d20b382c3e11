import type * as v from "valibot";
import type { Api } from "../../provider/api/http/client.js";
import { emailOf } from "../../provider/api/text/email.js";
import { find, parentOf } from "../../provider/api/reads/find.js";
import { noteOrganization } from "../../provider/api/reads/projectOrganizations.js";
import { ProjectBody } from "../../provider/api/bodies/organizations.js";
import { ApiError } from "../../provider/api/http/errors.js";
import { MemberBody } from "../../provider/api/bodies/members.js";
import { KeyBody, ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import type { Inventory } from "../cloud/inventory.js";
import { isRefusedLogin, type Read } from "../cloud/lists.js";
import { lookAgain } from "../cloud/lookAgain.js";
import { isPending, roleIn } from "../cloud/members.js";
import {
  labelText,
  type Declared,
  type DeclaredProject,
  type DeclaredAccount,
  type DeclaredKey,
  type DeclaredList,
  type DeclaredMembership,
} from "../state/declared.js";
import { isExpired } from "../../provider/contract/expiry.js";
import { isIgnored } from "../../provider/contract/propertyPath.js";
import { addressChange, successorOf } from "./address.js";
import type { Finding, FindingClass, PropertyChange } from "./finding.js";

/** The data that a comparison needs in addition to the declaration. */
export interface Grounds {
  readonly api: Api;
  readonly inventory: Inventory;
  /** The date that decides whether a rotation is due. */
  readonly asOf: Date;
  /** Whether a state accounts for this name. */
  readonly isAccountedFor: (name: string) => boolean;
  /** Collects memberships that exist, but that the lists lack because they are out of date. */
  readonly unlisted: MemberBody[];
}

/** A declaration of something that exists in the cloud. An access list has no counterpart there. */
type Thing = Exclude<Declared, DeclaredList>;

/** A finding. Undefined if nothing differs, or if a list could not be read, because that is a separate finding. */
type Comparison = Promise<Finding | undefined>;

/** Compares one declaration with the cloud. */
export function compareDeclared(declared: Declared, grounds: Grounds): Comparison {
  switch (declared.kind) {
    case "project":
      return compareProject(declared, grounds);
    case "serviceAccount":
      return compareAccount(declared, grounds);
    case "key":
      return compareKey(declared, grounds);
    case "membership":
      return compareMembership(declared, grounds);
    case "accessList":
      // Members that the list omits are reported as unmanaged.
      return Promise.resolve(undefined);
  }
}

async function compareProject(declared: DeclaredProject, { api }: Grounds): Comparison {
  if (declared.organization !== "") noteOrganization(api, declared.name, declared.organization);
  let body: ProjectBody | undefined;
  try {
    body = await find(api, declared.name, ProjectBody);
  } catch (error) {
    if (!(error instanceof ApiError) || isRefusedLogin(error)) throw error;
    return unreadThing(declared, { failure: { reason: error.message } });
  }
  if (body === undefined) return missing(declared, "no longer exists");
  const labels = Object.entries(body.labels).filter(([label]) => !declared.apiLabels.includes(label));
  const actual = { displayName: body.displayName, labels: labelText(Object.fromEntries(labels)) };
  return changed(declared, differences(declared, actual), { displayName: body.displayName });
}

async function compareAccount(declared: DeclaredAccount, { api, inventory }: Grounds): Comparison {
  const list = inventory.accounts.get(parentOf(declared.name));
  const seen = await see(api, list, declared.name, ServiceAccountBody);
  if (seen === undefined || "failure" in seen) return unreadThing(declared, seen);
  if (seen.body === undefined) return missing(declared, "no longer exists", named(declared));
  const { email, displayName, enableBasicAuth } = seen.body;
  const changes = differences(declared, { displayName, enableBasicAuth });
  return changed(declared, changes, { email, displayName });
}

async function compareKey(declared: DeclaredKey, { api, inventory, asOf }: Grounds): Comparison {
  if (declared.isHidden) {
    const why = "the state keeps the ids of its keys encrypted, so which keys are declared can't be known";
    return finding(declared, "unread", `${why}: take keyId and previousKeyId out of additionalSecretOutputs`);
  }
  const account = parentOf(declared.name);
  const list = inventory.keys.get(account);
  // If the list of accounts could not be read, it isn't known whether the account exists, so the keys can't be
  // compared.
  if (list === undefined && inventory.accounts.get(parentOf(account))?.failure !== undefined)
    return undefined;
  const seen = await see(api, list ?? { items: [] }, declared.name, KeyBody);
  if (seen === undefined || "failure" in seen) return unreadThing(declared, seen);
  if (seen.body === undefined) return missing(declared, "no longer exists");
  const due = declared.due.filter(({ at }) => Date.parse(at) <= asOf.getTime());
  if (declared.incomplete !== undefined || due.length === 0)
    return changed(declared, differences(declared, {}), {});
  const reasons = due.map(({ what, at }) => `${what} is due since ${at}`).join(", and ");
  return finding(declared, "rotation-due", `${reasons}: the next \`pulumi up\` takes care of it`);
}

async function compareMembership(declared: DeclaredMembership, grounds: Grounds): Comparison {
  if (declared.hasEnded) return undefined;
  const { api, inventory, isAccountedFor, unlisted } = grounds;
  const isOver = isOverAt(declared.expires, grounds.asOf);
  const list = inventory.members.get(parentOf(declared.name));
  const impostor = successorOf(declared, list, isAccountedFor);
  if (impostor !== undefined) return isOver ? undefined : replaced(declared, impostor);
  const seen = await see(api, list, declared.name, MemberBody);
  if (seen === undefined || "failure" in seen) return unreadThing(declared, seen);
  if (seen.body === undefined) {
    return isOver ? undefined : missing(declared, "is no longer a member", { email: declared.email });
  }
  const { body } = seen;
  const isListed = list !== undefined && list.failure === undefined && list.items.includes(body);
  if (!isListed) unlisted.push(body);
  const about = { email: emailOf(body), displayName: body.displayName, role: roleIn(body) };
  const changes = differences(declared, { role: about.role });
  const address = addressChange(declared, body);
  if (changes.length > 0) return changed(declared, changes, about, address?.message);
  if (isOver) {
    const end = `its end, ${String(declared.expires)}, has passed: the next \`pulumi up\` removes it`;
    return finding(declared, "expired", end, about);
  }
  if (address !== undefined) {
    return {
      ...finding(declared, "address-changed", address.message, about),
      changes: [{ property: "member", declared: address.declared, actual: about.email }],
    };
  }
  return isPending(body)
    ? finding(declared, "pending", `has not accepted the invitation (${body.status})`, about)
    : undefined;
}

/** The declared display name of an account. */
const named = ({ expected: { displayName } }: DeclaredAccount): About =>
  typeof displayName === "string" ? { displayName } : {};

/** Whether declared access is over. Another version may have written an end that this version can't read. */
function isOverAt(expires: string | undefined, asOf: Date): boolean {
  try {
    return expires !== undefined && isExpired(expires, asOf);
  } catch {
    return false;
  }
}

const missing = (declared: Thing, gone: string, about?: About): Finding =>
  finding(
    declared,
    "missing",
    declared.isBeingReplaced
      ? "an interrupted run deleted it to create it again: the next `pulumi up` creates it"
      : gone,
    about,
  );

function replaced(declared: DeclaredMembership, by: MemberBody): Finding {
  const about = { email: emailOf(by), displayName: by.displayName, role: roleIn(by) };
  const change = { property: "memberId", declared: declared.name, actual: by.name };
  const message = `the declared member is gone, and another member has its email: ${by.name}`;
  return { ...finding(declared, "replaced", message, about), changes: [change] };
}

/** Finds an object in its list. If the list lacks it, reads it separately. Undefined if the list could not be read. */
async function see<const S extends v.GenericSchema<unknown, { readonly name: string }>>(
  api: Api,
  list: Read<v.InferOutput<S>> | undefined,
  name: string,
  schema: S,
) {
  if (list === undefined || list.failure !== undefined) return undefined;
  const body = list.items.find((item) => item.name === name);
  return body === undefined ? await lookAgain(api, name, schema) : { body };
}

const unreadThing = (
  declared: Thing,
  seen: { readonly failure: { readonly reason: string } } | undefined,
): Finding | undefined =>
  seen === undefined ? undefined : finding(declared, "unread", `could not be read: ${seen.failure.reason}`);

function differences(
  { expected, incomplete, ignored }: Declared,
  actual: Readonly<Record<string, string | boolean>>,
): PropertyChange[] {
  const changes = Object.entries(expected)
    .filter(([property, declared]) => actual[property] !== declared && !isIgnored(ignored, property))
    .map(([property, declared]) => ({ property, declared, actual: actual[property] ?? null }));
  if (incomplete === undefined) return changes;
  return [...changes, { property: "incomplete", declared: "", actual: incomplete }];
}

type About = Pick<Finding, "email" | "displayName" | "role">;

function changed(
  declared: Thing,
  changes: readonly PropertyChange[],
  about: About,
  more?: string,
): Finding | undefined {
  if (changes.length === 0) return undefined;
  const said = changes.map(({ property, declared: wanted, actual }) =>
    property === "incomplete"
      ? `it is not finished: ${String(actual)}`
      : `${property} is ${JSON.stringify(actual)}, declared ${JSON.stringify(wanted)}`,
  );
  const message = [...said, ...(more === undefined ? [] : [more])].join("; ");
  return { ...finding(declared, "changed", message, about), changes };
}

function finding(declared: Thing, kind: FindingClass, message: string, about: About = {}): Finding {
  return {
    id: declared.name,
    class: kind,
    kind: declared.kind,
    parent: parentOf(declared.name),
    resources: [declared.urn],
    ...about,
    changes: [],
    message,
  };
}
