import { readFileSync, statSync } from "node:fs";
import * as v from "valibot";
import { isValidClockState } from "../cloud/clock";
import type { CloudSnapshot } from "../cloud/resources";
import { finiteNumber, stringMap } from "../schemas/jsonSchemas";

/** The content of a data file. */
export interface SavedCloud {
  format: 1;
  /** The emulator listens on this port again, because Pulumi states contain its address. */
  port: number;
  world: CloudSnapshot;
}

const text = v.string();
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const nameMatching = (pattern: RegExp) =>
  v.pipe(text, v.regex(pattern, "it is not a name of this kind of resource"));

/** Resources of one kind. Keeps unknown fields, which a later version may have written. Names must be unique. */
const resourceList = <const Entries extends v.ObjectEntries>(pattern: RegExp, entries: Entries) =>
  v.pipe(
    v.array(v.looseObject({ name: nameMatching(pattern), ...entries })),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const names = new Set<string>();
      for (const [index, item] of dataset.value.entries()) {
        const { name } = item as { name: string };
        if (names.has(name))
          addIssue({ message: "two resources have this name", path: pathTo(dataset.value, index) });
        names.add(name);
      }
    }),
  );

const pathTo = (input: unknown[], key: number): [v.ArrayPathItem] => [
  { type: "array", origin: "value", input, key, value: input[key] },
];

const cloudSnapshot = v.looseObject({
  organizations: resourceList(/^organizations\/[^/]+$/, { displayName: text }),
  projects: resourceList(/^projects\/[^/]+$/, {
    displayName: text,
    organization: text,
    inventory: v.boolean(),
    sensorCount: finiteNumber,
    cloudConnectorCount: finiteNumber,
    location: v.looseObject({
      latitude: v.nullable(finiteNumber),
      longitude: v.nullable(finiteNumber),
      timeLocation: text,
    }),
    labels: stringMap,
  }),
  accounts: resourceList(/^projects\/[^/]+\/serviceaccounts\/[^/]+$/, {
    email: text,
    displayName: text,
    enableBasicAuth: v.boolean(),
    createTime: text,
    updateTime: text,
  }),
  keys: resourceList(/^projects\/[^/]+\/serviceaccounts\/[^/]+\/keys\/[^/]+$/, {
    id: text,
    createTime: text,
    secret: text,
  }),
  users: resourceList(/^users\/[^/]+$/, { email: text, displayName: text, known: v.boolean() }),
  members: resourceList(/^(projects|organizations)\/[^/]+\/members\/[^/]+$/, {
    displayName: text,
    roles: v.array(text),
    status: text,
    email: text,
    accountType: text,
    createTime: text,
  }),
  mails: v.array(v.looseObject({ to: text, scopes: v.array(text), time: text })),
  tokens: v.array(
    v.looseObject({ token: text, account: text, email: text, keyId: text, expiresAt: finiteNumber }),
  ),
  admin: v.looseObject({ name: text, email: text, keyId: text, secret: text }),
  clock: v.pipe(
    v.looseObject({ offsetMs: finiteNumber, frozenAt: v.nullable(finiteNumber) }),
    v.check(
      ({ offsetMs, frozenAt }) => isValidClockState({ offsetMs, frozenAt }),
      "the time must be in the years 1970 to 9999",
    ),
  ),
  nextUserId: wholeNumber,
});

const savedCloud = v.looseObject({
  format: v.literal(1, "this version reads format 1 only"),
  port: v.pipe(wholeNumber, v.maxValue(65_535)),
  world: cloudSnapshot,
});

/**
 * Reads a data file.
 *
 * @param named the path that the user gave
 * @returns undefined if it does not exist
 * @throws {Error} naming the file and the invalid place in it
 */
export function readSavedCloud(path: string, named: string): SavedCloud | undefined {
  const hint = "fix it, choose another file, or remove it to start over";
  const content = readContent(path, named);
  if (content === undefined) return undefined;
  const parsed = parseJson(content);
  if ("place" in parsed)
    throw new Error(`${named} is not an emulator's data file: it is not JSON${parsed.place}; ${hint}`);
  const result = v.safeParse(savedCloud, parsed.json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  // Drop the received value: it may be a secret.
  const [what = ""] = issue.message.split(" but received ");
  throw new Error(
    `${named} is not an emulator's data file: ${v.getDotPath(issue) ?? "the top level"} is invalid (${what}); ${hint}`,
  );
}

function readContent(path: string, named: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (!stat.isFile()) throw new Error(`${named} is not a file: choose another one for the emulator's data`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${named} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Parses JSON. Reports only the position of an error, because the parser's message would quote secrets. */
function parseJson(content: string): { json: unknown } | { place: string } {
  try {
    return { json: JSON.parse(content) };
  } catch (error) {
    const [, position] = /position (\d+)/.exec((error as Error).message) ?? [];
    return { place: position === undefined ? "" : ` at ${lineAndColumn(content, Number(position))}` };
  }
}

function lineAndColumn(content: string, position: number): string {
  const before = content.slice(0, position).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
