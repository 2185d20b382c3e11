import type { Report } from "../formats/report.js";
import type { RoleChange } from "../../access/roles.js";
import type { Standing } from "./standing.js";

/** What `pulumi-dt report --json` writes: the record of who has access. A schema describes it. */
export interface AccessRecord {
  readonly $schema: typeof recordSchemaId;
  readonly schemaVersion: 1;
  readonly project: string;
  readonly stack: string;
  /** The date for ages and ends, in RFC 3339. */
  readonly asOf: string;
  readonly apiUrl: string;
  readonly criteria: Criteria;
  readonly summary: Summary;
  /** What changed since an earlier record. Null without `--since`. */
  readonly changes: Changes | null;
  readonly places: readonly RecordedPlace[];
  readonly members: readonly RecordedMember[];
  readonly access: readonly RecordedAccess[];
  readonly keys: readonly RecordedKey[];
  /** The same as those of `pulumi-dt drift`. */
  readonly findings: Report["findings"];
  readonly accepted: Report["accepted"];
  readonly staleDecisions: Report["stale"];
  readonly coverage: Report["coverage"];
  /** Projects, organizations and accounts of which a list could not be read. */
  readonly unread: readonly string[];
}

/** It names the format, so that a program can tell such a file from others. */
export const recordSchemaId = "urn:pulumi-dt:report:1";

/** What a person chose for the report. */
export interface Criteria {
  /** The company's mail domains. */
  readonly domains: readonly string[];
  /** The age at which a key counts as old, such as `90d`. */
  readonly keyAge: string;
  /** The time in which access must end to count as ending soon, such as `14d`. */
  readonly within: string;
}

export interface Summary {
  readonly result: "clean" | "drift" | "incomplete";
  /** Findings by class. */
  readonly counts: Report["counts"];
  /** How many undeclared things the baseline accepts. */
  readonly accepted: number;
  readonly people: number;
  readonly systems: number;
  /** People and service accounts that can give access to others. */
  readonly administrators: number;
  /** People of other mail domains. Null if the company's domains are not given. */
  readonly external: number | null;
  readonly oldKeys: number;
  readonly endingSoon: number;
  readonly undeclared: number;
}

/** A project or an organization. */
export interface RecordedPlace {
  readonly name: string;
  readonly displayName: string;
  readonly organization: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A person or a service account. */
export interface RecordedMember {
  /** The same in every place. Empty if it is not known. */
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly kind: "person" | "serviceAccount";
  /** Whether a person has another mail domain. Null if the company's domains are not given. */
  readonly isExternal: boolean | null;
  /** The API name of a service account of a declared project. Else empty. */
  readonly account: string;
  /** Of that service account. Null for everybody else, because only their access is declared. */
  readonly standing: Standing | null;
}

/** What a member can do in a place, and what is declared. */
export interface RecordedAccess {
  /** The id of the member. */
  readonly member: string;
  readonly email: string;
  /** The API name of the project or the organization. */
  readonly place: string;
  /** The role in the cloud. Empty: none. */
  readonly role: string;
  /** The declared role. Empty: none. */
  readonly declared: string;
  readonly standing: Standing;
  /** The URNs of the resources that declare it. */
  readonly resources: readonly string[];
  /** In RFC 3339. Empty: not known. */
  readonly since: string;
  /** In RFC 3339. Empty: it doesn't end. */
  readonly until: string;
  /** The organization whose administration gives the access. Empty: none. */
  readonly through: string;
  /** `PENDING`, `EXPIRED` or `ACCEPTED`. */
  readonly status: string;
  /** Why the baseline accepts it. Else empty. */
  readonly reason: string;
}

export interface RecordedKey {
  readonly name: string;
  /** The API name of the service account. */
  readonly account: string;
  readonly createTime: string;
  /** Whole days since then. Null if it is not known. */
  readonly days: number | null;
  readonly standing: Standing;
  readonly resources: readonly string[];
}

/** What changed since an earlier record. */
export interface Changes {
  /** The date of the earlier record, in RFC 3339. */
  readonly since: string;
  readonly access: readonly AccessChange[];
  readonly keys: readonly KeyChange[];
  readonly accounts: readonly AccountChange[];
  /** What one of the two records does not cover, and why. */
  readonly notCompared: readonly { readonly what: string; readonly why: string }[];
}

export interface AccessChange {
  readonly change: Exclude<RoleChange, "same">;
  readonly member: string;
  readonly email: string;
  readonly displayName: string;
  readonly place: string;
  readonly before: string;
  readonly after: string;
}

export interface KeyChange {
  readonly change: "new" | "gone" | "rotated";
  readonly key: string;
  readonly account: string;
  /** The key before a rotation. Else empty. */
  readonly previous: string;
}

export interface AccountChange {
  readonly change: "new" | "gone" | "renamed";
  readonly account: string;
  readonly displayName: string;
  /** The display name before. */
  readonly before: string;
}
