import * as v from "valibot";
import { printable } from "../../provider/api/text/foreignText.js";
import { parseJson } from "../../provider/api/text/json.js";
import { isSameApi } from "../../provider/session/apiBase.js";
import { readGiven } from "../readGiven.js";
import type { Snapshot } from "./changes.js";
import { recordSchemaId, type AccessRecord } from "./record.js";
import { standings } from "./standing.js";

const Text = v.string();
const Standing = v.picklist(standings);

/** The parts of a record that a later report reads. Other fields may be added without a new version. */
const Earlier = v.object({
  project: Text,
  stack: Text,
  asOf: v.pipe(Text, v.isoTimestamp()),
  apiUrl: Text,
  places: v.array(v.object({ name: Text })),
  members: v.array(
    v.object({
      ...{ id: Text, email: Text, displayName: Text, account: Text },
      standing: v.nullable(Standing),
    }),
  ),
  access: v.array(
    v.object({ member: Text, email: Text, place: Text, role: Text, status: Text, through: Text }),
  ),
  keys: v.array(
    v.object({
      ...{ name: Text, account: Text, createTime: Text },
      standing: Standing,
      resources: v.array(Text),
    }),
  ),
  unread: v.array(Text),
});

/**
 * Reads the file that `--since` names.
 *
 * @throws Error in one sentence if it is not an earlier record of the same stack
 */
export async function readEarlier(
  path: string,
  { project, stack, apiUrl }: Pick<AccessRecord, "project" | "stack" | "apiUrl">,
): Promise<Snapshot> {
  const parsed = parseJson(await readGiven(path));
  const problem = (text: string): Error => new Error(`--since ${printable(path)}: ${printable(text)}`);
  const version = v.safeParse(v.object({ $schema: Text }), parsed);
  const schema = version.success ? version.output.$schema : "";
  if (!schema.startsWith(family)) {
    throw problem("it is not an access report: give a file that `pulumi-dt report --json FILE` wrote");
  }
  if (schema !== recordSchemaId) {
    throw problem(
      `it is in another format (${schema}): use the version of pulumi-dt that wrote it, or a later one`,
    );
  }
  const result = v.safeParse(Earlier, parsed);
  if (!result.success) {
    const [issue] = result.issues;
    throw problem(`it is damaged at ${v.getDotPath(issue) ?? "the top"}: ${issue.message}`);
  }
  const earlier = result.output;
  if (earlier.project !== project || earlier.stack !== stack) {
    throw problem(
      `it is a report of the stack ${earlier.project}/${earlier.stack}, not of ${project}/${stack}`,
    );
  }
  if (!isSameApi(earlier.apiUrl, apiUrl)) {
    throw problem(`it is a report of ${earlier.apiUrl}, not of ${apiUrl}`);
  }
  return earlier;
}

/** The beginning of the ids of all versions. */
const family = recordSchemaId.replace(/\d+$/, "");
