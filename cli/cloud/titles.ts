import * as v from "valibot";
import { listAll } from "../../provider/api/reads/list.js";
import type { Session } from "../../provider/session/session.js";
import { listReader } from "./lists.js";

/** The sessions that can see the projects and organizations. */
interface Readers {
  readonly session: Session;
  readonly byProvider: ReadonlyMap<string, Session>;
}

const Named = v.object({ name: v.string(), displayName: v.optional(v.string(), "") });

/**
 * The display names of projects and organizations, by API name. It lacks those that can't be read, so a caller shows
 * the API name instead.
 */
export async function titlesIn({ session, byProvider }: Readers): Promise<Map<string, string>> {
  const reader = await listReader();
  const lists = await Promise.all(
    [session, ...byProvider.values()].flatMap(({ api }) =>
      (["projects", "organizations"] as const).map((path) =>
        reader.read(() => listAll(api, path, path, Named)),
      ),
    ),
  );
  return new Map(
    lists.flatMap((list) =>
      list.failure === undefined
        ? list.items.map(({ name, displayName }): [string, string] => [name, displayName])
        : [],
    ),
  );
}
