import { canonicalEmail } from "../../provider/api/text/email.js";
import { parentOf } from "../../provider/api/reads/find.js";
import { isSecret, type StackState, type StateResource } from "./deployment.js";
import { isNamed, isOurs, kindOf } from "./ours.js";
import { parsePropertyPath, type PropertyPath } from "./propertyPath.js";

/** Something that a state declares to exist in the cloud. One resource may declare several. */
export type Declared = DeclaredAccount | DeclaredKey | DeclaredMembership | DeclaredList;

interface Common {
  /** Its name in the API. */
  readonly name: string;
  readonly urn: string;
  /** The API that it lives in, where the state says so. */
  readonly apiUrl?: string | undefined;
  /** What is declared, as far as the cloud tells it, too; without what the state keeps encrypted. */
  readonly expected: Readonly<Record<string, string | boolean>>;
  /** What an interrupted run left to be finished by the next `pulumi up`. */
  readonly incomplete?: string | undefined;
  /** Paths of properties whose changes Pulumi ignores. */
  readonly ignored: readonly PropertyPath[];
  /** An interrupted replacement has deleted it, and the next `pulumi up` creates it anew. */
  readonly isBeingReplaced: boolean;
}

export interface DeclaredAccount extends Common {
  readonly kind: "serviceAccount";
}

export interface DeclaredKey extends Common {
  readonly kind: "key";
  /** Other names that it accounts for: the key before it, while that still works. */
  readonly also: readonly string[];
  /** What time makes necessary, and since when (RFC 3339). */
  readonly due: readonly { readonly what: string; readonly at: string }[];
  /** The state keeps the ids of its keys encrypted, so that any key of the account may be one of them. */
  readonly isHidden: boolean;
}

export interface DeclaredMembership extends Common {
  readonly kind: "membership";
  /** The declared address, in its one spelling; absent where the state keeps it encrypted. */
  readonly email?: string | undefined;
  /** The declared address, and the one that the membership had when it was last seen. */
  readonly addresses: readonly string[];
  /** Nobody had accepted the invitation when it was last seen. An accepted one may have another id. */
  readonly isInvitation: boolean;
}

/** The whole list of members of a project or an organization, which is its name: it grants nothing, but says who may be there. */
export interface DeclaredList extends Common {
  readonly kind: "accessList";
  /** Emails, each in its one spelling. */
  readonly members: readonly string[];
  /** Patterns of emails. */
  readonly ignore: readonly string[];
  /** The listed addresses that memberships were last seen under, by the names of the memberships. */
  readonly known: ReadonlyMap<string, string>;
}

/** How each resource type reads: one row a type. Values that are encrypted arrive as undefined. */
const readers: Readonly<Record<string, (resource: Readable) => Declared[]>> = {
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
        // After a rotation the resource's id is still its first key's.
        name: keyId === undefined ? id : keyName(keyId),
        expected: {},
        also: previousKeyId === undefined || previousKeyId === "" ? [] : [keyName(previousKeyId)],
        due: [
          { what: "a rotation", at: textOf(rotateAt) ?? "" },
          { what: "the end of the previous key", at: textOf(retireAt) ?? "" },
        ].filter(({ at }) => at !== ""),
        // Before its first rotation its id tells.
        isHidden: isHidden && generation !== 1,
      },
    ];
  },
  // Has nothing of its own in the cloud; what it deletes is the key resource's.
  KeyRetirement: () => [],
  ProjectRoleBinding: membership,
  OrgAdminBinding: membership,
  ProjectAccess: accessList,
  OrganizationAccess: accessList,
};

function membership({ common, id, inputs, outputs }: Readable): Declared[] {
  const [email, present] = [inputs.member, outputs.email].map((address) =>
    typeof address === "string" ? canonicalEmail(address) : undefined,
  );
  return [
    {
      ...common,
      kind: "membership",
      name: id,
      email,
      addresses: [email, present].filter((address) => address !== undefined),
      isInvitation: outputs.status === "PENDING",
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

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

interface Readable {
  readonly common: Omit<Common, "name" | "expected">;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Names of outputs that are encrypted. */
  readonly encrypted: ReadonlySet<string>;
}

/** What a state says of the cloud. */
export interface Declarations {
  readonly declared: readonly Declared[];
  /** API names that the state accounts for, though it does not want them: what waits to be deleted. */
  readonly leaving: readonly string[];
  /** What an interrupted run was making, so that it may be there though the state does not show it: URNs, and what was begun. */
  readonly pending: readonly { readonly urn: string; readonly type: string }[];
  /** Resources of a type that this version does not know. */
  readonly unknown: readonly { readonly urn: string; readonly type: string }[];
  /** Resources whose ids are none. */
  readonly malformed: readonly { readonly urn: string }[];
  /** Properties that the state keeps encrypted, so that they can't be compared. */
  readonly encrypted: readonly string[];
  /** How many resources of ours there are. */
  readonly resources: number;
}

/** Reads the resources of ours in a state; those that were only looked up are nobody's declaration. */
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
      // What Pulumi only forgets then stays where it is, and nobody declares it.
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

const readerOf = ({ type }: StateResource) => readers[kindOf(type)];

/** Every API name that a declaration accounts for. */
export function namesOf(declared: Declared): string[] {
  if (declared.kind === "accessList") return [];
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

/** What a program marked as secret though the cloud shows it to everybody who may read there. */
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
