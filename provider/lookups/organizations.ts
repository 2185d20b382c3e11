import { listOrganizations, listRoles } from "../api/reads/organizationLists.js";
import type { Session } from "../session/session.js";
import { accountOf } from "./named.js";

/** An organization. */
export interface Organization {
  /** The API name, `organizations/O`. */
  readonly name: string;
  /** The name that people see. */
  readonly displayName: string;
}

/** A role that a member can have. */
export interface Role {
  /** The API name, such as `roles/project.user`. */
  readonly name: string;
  /** The name that people see. */
  readonly displayName: string;
  /** What the role is for, in the API's words. */
  readonly description: string;
  /** What the role permits, such as `membership.read`. The API may add permissions. */
  readonly permissions: readonly string[];
}

/** The identity that a program logs in as. */
export interface Identity {
  /** The service account's email. With Basic authentication, it is known only if it is set. */
  readonly email: string | undefined;
  /** The service account's API name, `projects/P/serviceaccounts/S`. Known if the email is. */
  readonly serviceAccount: string | undefined;
  /** The id of the key that logs in. */
  readonly keyId: string;
  /** The kind of login, `oauth2` or `basic`. */
  readonly auth: "oauth2" | "basic";
  /** The base URL of the API. */
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
