/** The kinds of findings, the gravest first. */
export const classes = [
  "unmanaged",
  "replaced",
  "changed",
  "missing",
  "unread",
  "address-changed",
  "pending",
  "rotation-due",
] as const;

/**
 * - `unmanaged`: exists in a place that is declared, and nobody declared it
 * - `replaced`: a declared email is a member under another member id, so it may be somebody else
 * - `changed`: exists, but not as declared
 * - `missing`: declared, and does not exist
 * - `unread`: nothing can be said, since it could not be read
 * - `address-changed`: a declared membership has another address now; it is known by its id, and nobody gains or loses access: no drift
 * - `pending`: an invitation that nobody has accepted yet
 * - `rotation-due`: a key that time says to rotate or to retire: no drift
 */
export type FindingClass = (typeof classes)[number];

export interface PropertyChange {
  readonly property: string;
  readonly declared: string | boolean;
  /** Null where there is nothing any more. */
  readonly actual: string | boolean | null;
}

/** One thing that is not as declared; one finding a thing, in however many ways it was seen. */
export interface Finding {
  /** The thing's name in the API, or the list's that could not be read: stable from run to run. */
  readonly id: string;
  readonly class: FindingClass;
  readonly kind: "serviceAccount" | "key" | "membership" | "list" | "resource";
  /** The project, organization or account that it belongs to. */
  readonly parent: string;
  /** URNs of the resources that declare it. */
  readonly resources: readonly string[];
  /** Email of whom it concerns. */
  readonly email?: string | undefined;
  /** What people call it. Foreign text. */
  readonly displayName?: string | undefined;
  /** What a membership gives. */
  readonly role?: string | undefined;
  readonly changes: readonly PropertyChange[];
  /** One sentence for people. */
  readonly message: string;
}

const rank = (finding: Finding): number => classes.indexOf(finding.class);

/** An order that depends on nothing but the findings. */
export const inOrder = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
