import { listOrganizations, listRoles } from "../api/reads/organizationLists.js";
import type { Session } from "../session/session.js";
import { accountOf } from "./named.js";

export interface Organization {
  /** `organizations/O` */
  readonly name: string;
  readonly displayName: string;
}

export interface Role {
  /** `roles/project.user` */
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Such as `membership.read`; an open set. */
  readonly permissions: readonly string[];
}

/** The identity that a program logs in as. */
export interface Identity {
  /** Undefined with Basic authentication, unless it is set. */
  readonly email: string | undefined;
  /** `projects/P/serviceaccounts/S`, derived from the email. */
  readonly serviceAccount: string | undefined;
  readonly keyId: string;
  readonly auth: "oauth2" | "basic";
  readonly apiUrl: string;
  /** The visible organizations. A member of projects alone may see none. */
  readonly organizations: readonly Organization[];
}

/** @internal */
export const getOrganizations = ({ api }: Session): Promise<Organization[]> => listOrganizations(api);

/** @internal */
export const getRoles = ({ api }: Session): Promise<Role[]> => listRoles(api);

/** @internal */
export async function whoAmI({ api, settings }: Session): Promise<Identity> {
  const { email, keyId, auth, apiUrl } = settings;
  const serviceAccount = email === undefined ? undefined : accountOf(email);
  // The settings know the identity, but this request proves that the key can log in.
  return { email, serviceAccount, keyId, auth, apiUrl, organizations: await listOrganizations(api) };
}
