import { canonicalEmail } from "../../provider/api/text/email.js";
import { parentOf } from "../../provider/api/reads/find.js";
import type { resources } from "../../provider/resources/all.js";
import { isOurs, kindOfType } from "../../provider/stack/doors.js";
import { isSecret, type StackState, type StateResource } from "./deployment.js";
import { isNamed } from "./isNamed.js";
import { parsePropertyPath, type PropertyPath } from "../../provider/contract/propertyPath.js";

/** An object in the cloud that a state declares. One resource can declare several. */
export type Declared = DeclaredProject | DeclaredAccount | DeclaredKey | DeclaredMembership | DeclaredList;

interface Common {
  /** The API name. */
  readonly name: string;
  readonly urn: string;
  /** The URL of the object's API, if the state contains it. */
  readonly apiUrl?: string | undefined;
  /** The declared properties that the cloud also shows, without those that the state encrypts. */
  readonly expected: Readonly<Record<string, string | boolean>>;
  /** What the next `pulumi up` must finish after an interrupted run. */
  readonly incomplete?: string | undefined;
  /** The paths of properties whose changes Pulumi ignores. */
  readonly ignored: readonly PropertyPath[];
  /** Whether an interrupted replacement has deleted it. The next `pulumi up` creates it again. */
  readonly isBeingReplaced: boolean;
}

export interface DeclaredProject extends Common {
  readonly kind: "project";
  /** The API name of its organization. Empty if the state encrypts it. */
  readonly organization: string;
  /** The labels that the API sets itself. */
  readonly apiLabels: readonly string[];
}

export interface DeclaredAccount extends Common {
  readonly kind: "serviceAccount";
}

export interface DeclaredKey extends Common {
  readonly kind: "key";
  /** Other API names that belong to this resource: the previous key, as long as it works. */
  readonly also: readonly string[];
  /** The rotation or retirement that becomes due, and when, in RFC 3339. */
  readonly due: readonly { readonly what: string; readonly at: string }[];
  /** Whether the state encrypts the ids of its keys. If so, any key of the account may be one of them. */
  readonly isHidden: boolean;
}

export interface DeclaredMembership extends Common {
  readonly kind: "membership";
  /** The declared email, in canonical spelling. Missing if the state encrypts it. */
  readonly email?: string | undefined;
  /** The declared email, and the email that the membership last had. */
  readonly addresses: readonly string[];
  /** Whether an update has ended it. The resource then stands for nothing in the cloud. */
  readonly hasEnded: boolean;
  /** Whether it was an invitation when it was last read. An accepted invitation can have another id. */
  readonly isInvitation: boolean;
  /** When the access ends: a date or a time in RFC 3339. Missing if it doesn't end, or if the state encrypts it. */
  readonly expires?: string | undefined;
}

/**
 * The complete list of the members of a project or an organization, whose API name is its `name`. It allows members but
 * doesn't grant access.
 */
export interface DeclaredList extends Common {
  readonly kind: "accessList";
  /** Emails, in canonical spelling. */
  readonly members: readonly string[];
  /** Patterns of emails. */
  readonly ignore: readonly string[];
  /** The listed email that each membership last had, by the membership's API name. */
  readonly known: ReadonlyMap<string, string>;
}

/** Reads the declarations in a resource, by its kind. Encrypted values are undefined. */
const readers: Readonly<Record<string, Reader>> = {
  Project: ({ common, id, inputs, outputs }) => [
    {
      ...common,
      kind: "project",
      name: id,
      organization: textOf(inputs.organization) ?? "",
      apiLabels: textsOf(outputs.apiLabels),
      expected: {
        ...pick(inputs, "displayName"),
        ...(isTextMap(inputs.labels) ? { labels: labelText(inputs.labels) } : {}),
      },
    },
  ],
  ServiceAccount: ({ common, id, inputs }) => [
    { ...common, kind: "serviceAccount", name: id, expected: pick(inputs, "displayName", "enableBasicAuth") },
  ],
  ServiceAccountKey: ({ common, id, outputs, encrypted }) => {
    const keyName = (keyId: unknown): string => `${parentOf(id)}/keys/${String(keyId)}`;
    const { keyId, previousKeyId, rotateAt, retireAt, generation } = outputs;
    const isHidden = encrypted.has("keyId") || encrypted.has("previousKeyId");
    return [
      {
        ...common,
        kind: "key",
        // After a rotation, the resource's id is still the id of its first key.
        name: keyId === undefined ? id : keyName(keyId),
        expected: {},
        also: previousKeyId === undefined || previousKeyId === "" ? [] : [keyName(previousKeyId)],
        due: [
          { what: "a rotation", at: textOf(rotateAt) ?? "" },
          { what: "the end of the previous key", at: textOf(retireAt) ?? "" },
        ].filter(({ at }) => at !== ""),
        // Before the first rotation, the resource's id is the id of the key.
        isHidden: isHidden && generation !== 1,
      },
    ];
  },
  // Declares nothing in the cloud. The key that it deletes belongs to the key resource.
  KeyRetirement: () => [],
  ProjectRoleBinding: membership,
  OrgAdminBinding: membership,
  ProjectAccess: accessList,
  OrganizationAccess: accessList,
} satisfies Record<keyof typeof resources, Reader>;

type Reader = (resource: Readable) => Declared[];

function membership({ common, id, inputs, outputs }: Readable): Declared[] {
  const { memberId } = outputs;
  const [email, present] = [inputs.member, outputs.email].map((address) =>
    typeof address === "string" ? canonicalEmail(address) : undefined,
  );
  return [
    {
      ...common,
      kind: "membership",
      // After access was granted again, the resource's id can still be that of an earlier membership.
      name: typeof memberId === "string" && memberId !== "" ? `${parentOf(id)}/members/${memberId}` : id,
      email,
      addresses: [email, present].filter((address) => address !== undefined),
      hasEnded: outputs.expired === true,
      isInvitation: outputs.status === "PENDING",
      expires: textOf(inputs.expires),
      expected: pick(inputs, "role"),
    },
  ];
}

function accessList({ common, id, inputs, outputs }: Readable): Declared[] {
  const known = Object.entries(typeof outputs.known === "object" ? (outputs.known ?? {}) : {});
  return [
    {
      ...common,
      kind: "accessList",
      name: id,
      expected: {},
      members: textsOf(inputs.members).map(canonicalEmail),
      ignore: textsOf(inputs.ignore),
      known: new Map(known.map(([address, name]) => [String(name), canonicalEmail(address)])),
    },
  ];
}

/** Labels as text that is the same for equal labels. */
export const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .sort()
    .join(", ");

const isTextMap = (value: unknown): value is Record<string, string> =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((each) => typeof each === "string");

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

interface Readable {
  readonly common: Omit<Common, "name" | "expected">;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The names of the encrypted outputs. */
  readonly encrypted: ReadonlySet<string>;
}

/** Everything that a state says about the cloud. */
export interface Declarations {
  readonly declared: readonly Declared[];
  /** API names of replaced objects that still must be deleted. */
  readonly leaving: readonly string[];
  /** Operations of an interrupted run. Their objects may exist although the state doesn't contain them. */
  readonly pending: readonly { readonly urn: string; readonly type: string }[];
  /** Resources of a type that this version doesn't know. */
  readonly unknown: readonly { readonly urn: string; readonly type: string }[];
  /** Resources whose ids aren't API names. */
  readonly malformed: readonly { readonly urn: string }[];
  /** Properties that can't be compared because the state encrypts them. */
  readonly encrypted: readonly string[];
  /** The number of resources of this package. */
  readonly resources: number;
}

/** Reads the declarations in a state. A resource that the program only reads isn't a declaration. */
export function declarationsOf({ resources, pending }: StackState): Declarations {
  const ours = resources.filter(({ type, external }) => isOurs(type) && !external);
  const known = ours.filter((resource) => readerOf(resource) !== undefined && isNamed(resource));
  const all = known.map((resource) => ({
    resource,
    declared: readerOf(resource)?.(readable(resource)) ?? [],
  }));
  return {
    declared: all.filter(({ resource }) => !resource.delete).flatMap(({ declared }) => declared),
    leaving: all
      // With retainOnDelete, the object stays in the cloud and is then undeclared.
      .filter(({ resource }) => resource.delete && !resource.retainOnDelete)
      .flatMap(({ declared }) => declared.flatMap(namesOf)),
    pending: pending
      .filter(({ resource }) => isOurs(resource.type))
      .map(({ type, resource: { urn } }) => ({ urn, type })),
    unknown: ours.filter((resource) => readerOf(resource) === undefined),
    encrypted: known.flatMap(encryptedOf),
    resources: ours.length,
    malformed: ours.filter((resource) => readerOf(resource) !== undefined && !isNamed(resource)),
  };
}

const readerOf = ({ type }: StateResource) => readers[kindOfType(type)];

/** All API names that a declaration covers. */
export function namesOf(declared: Declared): string[] {
  if (declared.kind === "accessList" || (declared.kind === "membership" && declared.hasEnded)) return [];
  return declared.kind === "key" ? [declared.name, ...declared.also] : [declared.name];
}

function readable({ urn, id, inputs, outputs, ...options }: StateResource): Readable {
  return {
    common: {
      urn,
      apiUrl: textOf(outputs.apiUrl),
      incomplete: textOf(outputs.incomplete) ?? options.initErrors[0],
      ignored: options.ignoreChanges.flatMap((path) => [parsePropertyPath(path) ?? []]),
      isBeingReplaced: options.pendingReplacement,
    },
    id,
    inputs: inClear(inputs),
    outputs: inClear(outputs),
    encrypted: new Set(Object.keys(outputs).filter((name) => isSecret(outputs[name]))),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const inClear = (properties: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => !isSecret(value)));

/** Properties that a program may mark as secret although everybody with read access can see them in the cloud. */
const comparable = ["project", "organization", "member", "role", "displayName", "enableBasicAuth"];
const encryptedOf = ({ urn, inputs }: StateResource): string[] =>
  comparable.filter((name) => isSecret(inputs[name])).map((name) => `${urn} ${name}`);

function pick(from: Readonly<Record<string, unknown>>, ...names: string[]): Record<string, string | boolean> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return typeof value === "string" || typeof value === "boolean" ? [[name, value]] : [];
    }),
  );
}
