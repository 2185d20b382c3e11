/** A resource as a policy sees it. */
export interface Seen {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** The resource types that the policies check. */
export type Kind = "ServiceAccount" | "ServiceAccountKey" | "ProjectRoleBinding" | "OrgAdminBinding";

export const isA = ({ type }: Pick<Seen, "type">, kind: Kind): boolean =>
  type === `pulumi-nodejs:dynamic/dt:${kind}`;

/** Whether a resource is a provider: the stack's default provider or a `dt.Provider`. */
export const isProvider = ({ type }: Pick<Seen, "type">): boolean =>
  type === "pulumi:providers:pulumi-nodejs";

/** A property, or undefined if it isn't known before the update. Pulumi throws if a policy reads such a property. */
export function peek({ props }: Pick<Seen, "props">, name: string): unknown {
  try {
    return props[name];
  } catch {
    return undefined;
  }
}

/** A property, if it is a non-empty string. */
export function peekText(resource: Pick<Seen, "props">, name: string): string | undefined {
  const value = peek(resource, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether an email belongs to a service account of any company. */
export const isMachine = (email: string): boolean => /\.serviceaccount\.d21s\.com$/i.test(email);
