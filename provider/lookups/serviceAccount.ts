import { find } from "../api/reads/find.js";
import { printable } from "../api/text/foreignText.js";
import { ServiceAccountBody } from "../api/bodies/serviceAccounts.js";
import { listServiceAccounts } from "../api/reads/accountLists.js";
import { resourceName, serviceAccountName } from "../contract/inputs.js";
import { InvalidInput } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { accountOf, optional } from "./named.js";

/** Selects an account by its name, its email, or its display name in a project. */
export interface ServiceAccountQuery {
  /** The account's API name, `projects/P/serviceaccounts/S`. */
  readonly name?: string | undefined;
  /** The account's email. */
  readonly email?: string | undefined;
  /** The home project, as a bare id or `projects/ID`. */
  readonly project?: string | undefined;
  /**
   * With `project`: the name that people see. It doesn't have to be unique. If several accounts match, that is an
   * error.
   */
  readonly displayName?: string | undefined;
}

/** A service account that exists. */
export interface FoundServiceAccount {
  /** The account's API name, `projects/P/serviceaccounts/S`. It is the `id` of the resource. */
  readonly name: string;
  /** The email to grant roles to. */
  readonly email: string;
  /** The name that people see. */
  readonly displayName: string;
  /** Whether the account's keys can log in with HTTP Basic authentication. */
  readonly enableBasicAuth: boolean;
  /** When the account was created, in RFC 3339, UTC. */
  readonly createTime: string;
}

/**
 * Finds one account.
 * @internal
 * @throws Error if no account matches, or more than one
 */
export async function getServiceAccount(
  session: Session,
  query: ServiceAccountQuery,
): Promise<FoundServiceAccount> {
  const asked = optional("name", serviceAccountName, query.name) ?? nameBehind(query.email);
  const body =
    asked === undefined
      ? await byDisplayName(session, query)
      : await find(session.api, asked, ServiceAccountBody);
  if (body === undefined)
    throw new Error(`${asked ?? "the account"} does not exist, as ${session.identity} sees it`);
  const { name, email, displayName, enableBasicAuth, createTime } = body;
  return { name, email, displayName, enableBasicAuth, createTime };
}

function nameBehind(email: string | undefined): string | undefined {
  if (email === undefined) return undefined;
  const name = accountOf(email);
  if (name === undefined)
    throw new InvalidInput(`email must be a service account's, not "${printable(email)}"`);
  return name;
}

async function byDisplayName(
  { api, identity }: Session,
  query: ServiceAccountQuery,
): Promise<ServiceAccountBody> {
  const { displayName } = query;
  const project = optional("project", resourceName("projects"), query.project);
  if (project === undefined || displayName === undefined)
    throw new InvalidInput("pass name, or email, or project and displayName");
  const accounts = await listServiceAccounts(api, project);
  const [found, ...others] = accounts.filter((account) => account.displayName === displayName);
  if (found === undefined)
    throw new Error(`${project} has no service account "${printable(displayName)}", as ${identity} sees it`);
  if (others.length === 0) return found;
  const names = [found, ...others].map(({ name }) => name).join(" and ");
  throw new Error(`"${printable(displayName)}" is the name of ${names}: give name or email instead`);
}
