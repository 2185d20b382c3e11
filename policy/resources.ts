/** What a policy is shown of a resource, of this stack's or of one that it depends on. */
export interface Seen {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** The kinds of resources that policies are about. */
export type Kind = "ServiceAccount" | "ServiceAccountKey" | "ProjectRoleBinding" | "OrgAdminBinding";

export const isA = ({ type }: Pick<Seen, "type">, kind: Kind): boolean =>
  type === `pulumi-nodejs:dynamic/dt:${kind}`;

/** The credentials that resources run with: the stack's own, or a `dt.Provider`. */
export const isProvider = ({ type }: Pick<Seen, "type">): boolean =>
  type === "pulumi:providers:pulumi-nodejs";

/** A property that is known; Pulumi throws where a policy touches one that is not known before the update. */
export function peek({ props }: Pick<Seen, "props">, name: string): unknown {
  try {
    return props[name];
  } catch {
    return undefined;
  }
}

/** The same, where it is a text. */
export function peekText(resource: Pick<Seen, "props">, name: string): string | undefined {
  const value = peek(resource, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether an email is a service account's, of whatever company. */
export const isMachine = (email: string): boolean => /\.serviceaccount\.d21s\.com$/i.test(email);
