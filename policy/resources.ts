import { doorOfProvider, isOurs, kindOfType, settingInput } from "../provider/stack/doors.js";

/** A resource as a policy sees it. */
export interface Seen {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** The kinds of resources that the policies check. */
export type Kind = "ServiceAccount" | "ServiceAccountKey" | "ProjectRoleBinding" | "OrgAdminBinding";

/** Whether a resource is of this kind, as a dynamic resource or as one of the plugin. */
export const isA = ({ type }: Pick<Seen, "type">, kind: Kind): boolean =>
  isOurs(type) && kindOfType(type) === kind;

/** Whether a resource is a provider: a default provider or one that the program declares. */
export const isProvider = ({ type }: Pick<Seen, "type">): boolean => doorOfProvider(type) !== undefined;

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

/** A setting of a provider, if it is a non-empty string. */
export const peekSetting = (provider: Pick<Seen, "type" | "props">, name: string): string | undefined =>
  peekText(provider, settingInput(provider.type, name));
