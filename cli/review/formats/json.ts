import { printableJson } from "../../../provider/api/text/foreignText.js";
import type { Member } from "../../../access/effective.js";
import type { Review } from "../review.js";
import schema from "./review.schema.json";
import { summaryOf } from "./words.js";

/** JSON for programs. The version increases when a field is removed or changes its meaning. */
export function json(review: Review): string {
  const { project, stack, changes, accounts, keys, lists, refusals, judgement, placeNamed } = review;
  const where = (name: string) => {
    const { displayName } = placeNamed(name);
    return name.startsWith("urn:") ? { name: "", displayName, resource: name } : { name, displayName };
  };
  const document = {
    schemaVersion: 1,
    project,
    stack,
    summary: {
      text: summaryOf(review),
      exitCode: review.exitCode,
      failOn: review.failOn,
      counts: review.counts,
      isFromCloud: review.isFromCloud,
    },
    access: changes.map(({ member, place, ...change }) => ({
      member: whom(member),
      place: where(place.name),
      ...change,
    })),
    projects: review.projects,
    accounts,
    keys,
    lists: lists.map(({ urn, place, members }) => ({
      resource: urn,
      place: where(place),
      removed: members.map(whom),
    })),
    refusals: refusals.map(({ urn, place, member, ...rest }) => ({
      resource: urn,
      place: where(place),
      member: whom(member),
      ...rest,
    })),
    ...judgement,
    notRead: review.unread,
  };
  return printableJson(`${JSON.stringify(document, undefined, 2)}\n`);
}

const whom = ({ id, email, displayName, kind, resource }: Member) => ({
  ...{ id, email, displayName, kind },
  ...(resource === undefined ? {} : { resource }),
});

/** The JSON Schema of the output of `json`. */
export const jsonSchema = `${JSON.stringify(schema, undefined, 2)}\n`;
