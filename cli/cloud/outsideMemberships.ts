import * as v from "valibot";
import type { Api } from "../../provider/api/http/client.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { listAll } from "../../provider/api/reads/list.js";
import { MemberBody } from "../../provider/api/bodies/members.js";
import { listMembers } from "../../provider/api/reads/memberLists.js";
import { apiName } from "../../provider/api/text/apiName.js";
import type { Failure, ListReader, Read } from "./lists.js";

/** Memberships of the stack's accounts outside the projects and organizations that are already read. */
export interface OutsideMemberships {
  readonly memberships: readonly MemberBody[];
  /** Lists that could not be read for another reason than a missing permission. */
  readonly failures: readonly { readonly list: string; readonly failure: Failure }[];
  /** Lists that the credentials have no access to, and why. */
  readonly notLookedAt: readonly { readonly what: string; readonly why: string }[];
}

interface Question {
  /** API names of the accounts. */
  readonly accounts: readonly string[];
  /** Projects and organizations whose members are already known. */
  readonly known: ReadonlySet<string>;
  /**
   * The number of members there. It decides whether one list of everything is shorter than one list for each account.
   */
  readonly seen: number;
}

const Named = v.object({ name: apiName("projects", "organizations") });
const wildcard = "projects/-/members";
const pageSize = 100;

/**
 * Looks for unexpected access of accounts: in other projects, and as administrators of organizations. This requests the
 * wildcard list once for everything or once for each account, whichever needs fewer requests. If the API doesn't serve
 * the wildcard list, this reads all projects that the credentials can see.
 */
export async function readOutsideMemberships(
  api: Api,
  question: Question,
  reader: ListReader,
): Promise<OutsideMemberships> {
  const { accounts, known } = question;
  if (accounts.length === 0) return { memberships: [], failures: [], notLookedAt: [] };
  const ids = new Set(accounts.map(idOf));
  const isMeant = ({ name }: MemberBody): boolean => ids.has(idOf(name)) && !known.has(parentOf(name));
  const found = await Promise.all([
    inProjects(api, question, reader),
    inOthers(api, "organizations", known, reader),
  ]);
  const memberships = new Map(
    found.flatMap((part) => part.memberships.filter(isMeant).map((member) => [member.name, member])),
  );
  return {
    memberships: [...memberships.values()],
    failures: found.flatMap(({ failures }) => failures),
    notLookedAt: found.flatMap(({ notLookedAt }) => notLookedAt),
  };
}

async function inProjects(api: Api, question: Question, reader: ListReader): Promise<OutsideMemberships> {
  const { accounts, known, seen } = question;
  const ask = (query: Record<string, string>): Promise<Read<MemberBody>> =>
    reader.read(() => listAll(api, wildcard, "members", MemberBody, query));

  if (accounts.length > Math.ceil(seen / pageSize)) {
    const everything = await ask({});
    if (everything.failure === undefined) return gather([{ list: wildcard, read: everything }]);
  }
  const [first = "", ...rest] = accounts.map(idOf);
  const answer = await ask({ memberId: first });
  // The API may not serve the wildcard list, or not to these credentials. The lists of the single projects still work.
  if (answer.failure !== undefined) return inOthers(api, "projects", known, reader);
  const others = await Promise.all(rest.map((memberId) => ask({ memberId })));
  return gather([answer, ...others].map((read) => ({ list: wildcard, read })));
}

/** Reads the members of every project or organization that the credentials can see and that isn't known yet. */
async function inOthers(
  api: Api,
  path: "projects" | "organizations",
  known: ReadonlySet<string>,
  reader: ListReader,
): Promise<OutsideMemberships> {
  const scopes = await reader.read(() => listAll(api, path, path, Named));
  if (scopes.failure !== undefined) return gather([{ list: path, read: scopes }]);
  const others = scopes.items.map(({ name }) => name).filter((name) => !known.has(name));
  const lists = others.map(async (scope) => ({
    list: `${scope}/members`,
    read: await reader.read(() => listMembers(api, scope)),
  }));
  return gather(await Promise.all(lists));
}

function gather(
  lists: readonly { readonly list: string; readonly read: Read<MemberBody> }[],
): OutsideMemberships {
  const failed = lists.flatMap(({ list, read }) =>
    read.failure === undefined ? [] : [{ list, failure: read.failure }],
  );
  return {
    memberships: lists.flatMap(({ read }) => (read.failure === undefined ? read.items : [])),
    failures: failed.filter(({ failure }) => !failure.isRefusal),
    notLookedAt: failed
      .filter(({ failure }) => failure.isRefusal)
      .map(({ list, failure }) => ({ what: list, why: failure.reason })),
  };
}
