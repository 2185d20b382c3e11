import { canonicalEmail } from "../../provider/api/text/email.js";
import { find, idOf, parentOf } from "../../provider/api/reads/find.js";
import { noteOrganization } from "../../provider/api/reads/projectOrganizations.js";
import { ProjectBody } from "../../provider/api/bodies/organizations.js";
import { MemberBody } from "../../provider/api/bodies/members.js";
import { collectionsOf } from "../../provider/api/text/resourceNames.js";
import { KeyBody, ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import { listKeys } from "../../provider/api/reads/accountLists.js";
import {
  guardKey,
  guardLastAdmin,
  guardMembership,
  guardServiceAccount,
} from "../../provider/guards/lockout.js";
import { assertEmpty } from "../../provider/projects/deletion.js";
import type { Session } from "../../provider/session/session.js";

/** An object that `pulumi-dt remove` can delete. */
export interface Removable {
  readonly name: string;
  /** A description for people. */
  readonly what: string;
  /** @throws Error if the removal would lock somebody out */
  readonly guard: () => Promise<void> | void;
}

type Kind = "project" | "key" | "serviceAccount" | "projectMember" | "organizationMember";
/** Kinds by the collections in the API name. */
const kinds = new Map<string, Kind>([
  ["projects", "project"],
  ["projects/serviceaccounts/keys", "key"],
  ["projects/serviceaccounts", "serviceAccount"],
  ["projects/members", "projectMember"],
  ["organizations/members", "organizationMember"],
]);

/** @throws Error if the name isn't the API name of a removable object */
export function kindOf(name: string): Kind {
  const kind = kinds.get(collectionsOf(name) ?? "");
  if (kind !== undefined) return kind;
  throw new Error(
    `${JSON.stringify(name)} is not the name of a project, a key, a service account or a membership, such as projects/P/serviceaccounts/S/keys/K`,
  );
}

/** Reads the object with this API name. Undefined if it is proven gone. @throws ApiError if it can't be read */
export async function findRemovable(name: string, session: Session): Promise<Removable | undefined> {
  const { api, settings } = session;
  const kind = kindOf(name);
  switch (kind) {
    case "project": {
      const project = await find(api, name, ProjectBody);
      if (project === undefined) return undefined;
      noteOrganization(api, name, project.organization);
      const { displayName, organizationDisplayName } = project;
      return {
        name,
        what: `project "${displayName}" of ${organizationDisplayName}`,
        guard: () => assertEmpty(project, {}, session),
      };
    }
    case "key": {
      const key = await find(api, name, KeyBody);
      if (key === undefined) return undefined;
      return { name, what: `key, made ${key.createTime}`, guard: () => guardKey(name, {}, settings) };
    }
    case "serviceAccount": {
      const account = await find(api, name, ServiceAccountBody);
      if (account === undefined) return undefined;
      const { email, displayName } = account;
      const keys = await listKeys(api, name);
      return {
        name,
        what: `service account "${displayName}" (${email}), with its ${keys.length} keys and all of its access`,
        guard: () => guardServiceAccount(name, { email }, session),
      };
    }
    case "projectMember":
    case "organizationMember": {
      const member = await find(api, name, MemberBody);
      if (member === undefined) return undefined;
      const { email, roles } = member;
      const membership = { member: canonicalEmail(email), memberId: idOf(name) };
      return {
        name,
        what: `${email}, ${roles.join(", ")}`,
        guard: async () => {
          await guardMembership(membership, parentOf(name), session);
          if (kind === "organizationMember") await guardLastAdmin(membership, parentOf(name), api);
        },
      };
    }
  }
}
