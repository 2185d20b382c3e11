import { find } from "../../provider/api/reads/find.js";
import { MemberBody } from "../../provider/api/bodies/members.js";
import { collectionsOf } from "../../provider/api/text/resourceNames.js";
import { KeyBody, ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import { listKeys } from "../../provider/api/reads/accountLists.js";
import type { Session } from "../../provider/session/session.js";
import { roleIn } from "../cloud/members.js";

/** Something that somebody accepts in its current state. Access that is added later is reported. */
export interface Acceptance {
  readonly id: string;
  /** The role of a membership. */
  readonly role?: string;
}

/**
 * Reads everything that accepting an API name covers: the current keys of a service account, or the current role of a
 * member.
 *
 * @throws Error if the name doesn't exist or can't be read
 */
export async function acceptancesOf(id: string, session: Session): Promise<Acceptance[]> {
  const { api } = session;
  switch (collectionsOf(id)) {
    case "projects/serviceaccounts": {
      present(id, await find(api, id, ServiceAccountBody), session);
      return [{ id }, ...(await listKeys(api, id)).map(({ name }) => ({ id: name }))];
    }
    case "projects/serviceaccounts/keys":
      present(id, await find(api, id, KeyBody), session);
      return [{ id }];
    case "projects/members":
    case "organizations/members":
      return [{ id, role: roleIn(present(id, await find(api, id, MemberBody), session)) }];
    default:
      throw new Error(
        `${JSON.stringify(id)} is not the name of a key, a service account or a membership, such as projects/P/members/M`,
      );
  }
}

function present<Body>(id: string, body: Body | undefined, { identity }: Session): Body {
  if (body === undefined) throw new Error(`${id} does not exist, as ${identity} sees it`);
  return body;
}
