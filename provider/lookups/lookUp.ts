import { withNearName } from "../api/reads/find.js";
import { printableLines } from "../api/text/foreignText.js";
import { withinDeadline } from "../api/http/deadline.js";
import { sessionFor, type Session } from "../session/session.js";
import { settingsOf, settingsProblem, type Config } from "../session/settings.js";
import { getMembers, type Member, type MemberFilter } from "./members.js";
import {
  getOrganizations,
  getRoles,
  whoAmI,
  type Identity,
  type Organization,
  type Role,
} from "./organizations.js";
import {
  getProject,
  getProjects,
  type ProjectFilter,
  type ProjectInfo,
  type ProjectQuery,
} from "./projects.js";
import { getServiceAccount, type FoundServiceAccount, type ServiceAccountQuery } from "./serviceAccount.js";

export { settingsProblem };

/** The lookups of programs, by name. Each only reads, and returns no secret. */
export interface Lookups {
  getMembers: { args: MemberFilter; result: Member[] };
  getOrganizations: { args: object; result: Organization[] };
  getProject: { args: ProjectQuery; result: ProjectInfo };
  getProjects: { args: ProjectFilter; result: ProjectInfo[] };
  getRoles: { args: object; result: Role[] };
  getServiceAccount: { args: ServiceAccountQuery; result: FoundServiceAccount };
  whoAmI: { args: object; result: Identity };
}

type Lookup<Name extends keyof Lookups> = (
  session: Session,
  args: Lookups[Name]["args"],
) => Promise<Lookups[Name]["result"]>;

const lookups: { readonly [Name in keyof Lookups]: Lookup<Name> } = {
  getMembers,
  getOrganizations,
  getProject,
  getProjects,
  getRoles,
  getServiceAccount,
  whoAmI,
};

/** The key id and the API of a configuration, as JSON without a secret; undefined if the settings are invalid. */
export function askedAs(config: Config): string | undefined {
  if (settingsProblem(config) !== undefined) return undefined;
  const { keyId, apiUrl } = settingsOf(config);
  return JSON.stringify({ keyId, apiUrl });
}

/**
 * Runs one lookup with the credentials of a configuration. Programs load this module at their first lookup.
 *
 * @throws Error that names the lookup, and says what is missing, what is malformed, or what the API answered. It never
 *   contains a secret.
 */
export async function lookUp<Name extends keyof Lookups>(
  name: Name,
  args: Lookups[Name]["args"],
  config: Config,
): Promise<Lookups[Name]["result"]> {
  try {
    const session = await sessionFor(config);
    return await withinDeadline(session.settings.deadline, () =>
      withNearName(session.api, () => lookups[name](session, args)),
    );
  } catch (error) {
    // eslint-disable-next-line preserve-caught-error -- the cause may hold what is redacted here
    throw new Error(printableLines(`${name}: ${error instanceof Error ? error.message : String(error)}`));
  }
}
