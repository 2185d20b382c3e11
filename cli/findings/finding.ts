/** The classes of findings, the most serious first. */
export const classes = [
  "unmanaged",
  "replaced",
  "changed",
  "missing",
  "unread",
  "address-changed",
  "expired",
  "pending",
  "rotation-due",
  "self",
] as const;

/**
 * - `unmanaged`: exists in a declared project, organization or account, but no known stack declares it
 * - `replaced`: a declared email is a member with another member id, so it may be another person
 * - `changed`: exists, but differs from the declaration
 * - `missing`: declared, but doesn't exist
 * - `unread`: could not be read, so nothing is known
 * - `address-changed`: a declared membership now has another email. Its id is the same, so nobody gains or loses
 *   access, and this isn't drift
 * - `expired`: a declared membership whose end has passed. The next `pulumi up` removes it. This isn't drift
 * - `pending`: an invitation that nobody has accepted yet
 * - `rotation-due`: a key that must be rotated or retired because of its age. This isn't drift
 * - `self`: the identity that Pulumi runs as, if nothing declares it. This isn't drift, unless the run is strict
 */
export type FindingClass = (typeof classes)[number];

export interface PropertyChange {
  readonly property: string;
  readonly declared: string | boolean;
  /** Null if it no longer exists. */
  readonly actual: string | boolean | null;
}

/** A difference between the cloud and the declarations. There is at most one finding for each API name. */
export interface Finding {
  /** The API name of the object or of the list that could not be read. Stable across runs. */
  readonly id: string;
  readonly class: FindingClass;
  readonly kind: "project" | "serviceAccount" | "key" | "membership" | "list" | "resource";
  /** The project, organization or account that it belongs to. Empty for a project. */
  readonly parent: string;
  /** The URNs of the resources that declare it. */
  readonly resources: readonly string[];
  /** The email of the affected person or account. */
  readonly email?: string | undefined;
  /** The display name. Untrusted text. */
  readonly displayName?: string | undefined;
  /** The role of a membership. */
  readonly role?: string | undefined;
  /** The project or organization in which it is. */
  readonly place?: Named | undefined;
  /** The service account of a key. */
  readonly account?: (Named & { readonly email: string }) | undefined;
  /** When it was created, in RFC 3339. Missing if the API does not say, or not in a believable way. */
  readonly createTime?: string | undefined;
  readonly changes: readonly PropertyChange[];
  /** One sentence for people. */
  readonly message: string;
  /** Why the baseline does not accept it, although it has an entry for it. */
  readonly note?: string | undefined;
  /** Commands for a shell that deal with it. */
  readonly commands?: Commands | undefined;
}

/** Something with an API name and a display name. */
export interface Named {
  readonly name: string;
  /** Untrusted text. Empty if it is not known. */
  readonly displayName: string;
}

/** What can be done about a finding. Each is a command for a shell. */
export interface Commands {
  /** Writes a program that declares it. */
  readonly declare?: string;
  /** Accepts it in the baseline. */
  readonly accept?: string;
  /** Removes it from the cloud. */
  readonly remove?: string;
}

const rank = (finding: Finding): number => classes.indexOf(finding.class);

/** Sorts findings. The order depends only on the findings. */
export const inOrder = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
