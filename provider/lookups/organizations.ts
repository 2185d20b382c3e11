import { listOrganizations, listRoles } from "../api/bodies/organizations.js";
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

/** Who a program runs as. */
export interface Identity {
  /** Undefined with Basic authentication, unless it is set. */
  readonly email: string | undefined;
  /** `projects/P/serviceaccounts/S`, as the email tells. */
  readonly serviceAccount: string | undefined;
  readonly keyId: string;
  readonly auth: "oauth2" | "basic";
  readonly apiUrl: string;
  /** The organizations in reach. A member of projects alone may see none. */
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
  // Asked even though the settings say who: this proves that the key logs in.
  return { email, serviceAccount, keyId, auth, apiUrl, organizations: await listOrganizations(api) };
}
