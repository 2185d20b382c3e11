import { existsSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { emailMatcher, nameMatcher } from "../../files/patterns.js";
import { replaceFile } from "../../files/replaceFile.js";
import { parentOf } from "../../provider/api/reads/find.js";
import { collectionsOf } from "../../provider/api/text/resourceNames.js";
import type { Finding } from "./finding.js";

const reason = v.pipe(v.string(), v.trim(), v.nonEmpty("a reason is needed"));
const date = v.pipe(v.string(), v.isoDate("a date is YYYY-MM-DD"));

const Baseline = v.strictObject({
  version: v.literal(1),
  /** Unmanaged access that is accepted by its API name. */
  accepted: v.optional(
    v.array(
      v.strictObject({
        id: v.pipe(v.string(), v.nonEmpty()),
        /** The role that a membership is accepted with. If missing, any role. */
        role: v.optional(v.string()),
        reason,
        expires: v.optional(date),
      }),
    ),
    [],
  ),
  /** Patterns of unmanaged access to ignore. */
  ignored: v.optional(
    v.array(v.strictObject({ pattern: v.pipe(v.string(), v.nonEmpty()), reason, expires: v.optional(date) })),
    [],
  ),
});

/** Decisions about unmanaged access, in a file that belongs to the program and is reviewed with it. */
export type Baseline = v.InferOutput<typeof Baseline>;

/** The default path of the baseline. */
export const defaultBaseline = "dt-baseline.json";

/** Unmanaged access that somebody has accepted. */
export interface Accepted {
  readonly id: string;
  readonly reason: string;
  /** The last day on which it is accepted, in UTC. Null if it doesn't expire. */
  readonly expires: string | null;
  /** The pattern that matched, or null if the baseline names the id. */
  readonly pattern: string | null;
}

/** Whether a baseline names an id, even if the entry has expired. */
export function namesIn({ accepted }: Baseline): (name: string) => boolean {
  const names = new Set(accepted.map(({ id }) => id));
  return (name) => names.has(name);
}

/** Organizations in which a baseline accepts members. They are read, so that a new member is reported. */
export const organizationsIn = ({ accepted }: Baseline): string[] => [
  ...new Set(
    accepted.flatMap(({ id }) => (collectionsOf(id) === "organizations/members" ? [parentOf(id)] : [])),
  ),
];

/** Reads a baseline. @throws Error if a file is given and missing, or if it is malformed */
export function readBaseline(path: string | undefined): Baseline {
  const file = path ?? defaultBaseline;
  return path === undefined && !existsSync(file) ? empty : read(file);
}

/** Reads a baseline to add to. It can be missing. @throws Error if it is malformed */
export function newBaseline(path: string | undefined): Baseline {
  const file = path ?? defaultBaseline;
  return existsSync(file) ? read(file) : empty;
}

const empty: Baseline = { version: 1, accepted: [], ignored: [] };

function read(file: string): Baseline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
  return validated(parsed, `${file} is not a baseline`);
}

function validated(baseline: unknown, problem: string): Baseline {
  const result = v.safeParse(Baseline, baseline);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${problem}: ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
}

/** Writes a baseline in sorted order, so that a diff shows only the new decisions. */
export async function writeBaseline(path: string | undefined, baseline: Baseline): Promise<string> {
  const file = path ?? defaultBaseline;
  const sorted: Baseline = {
    version: 1,
    accepted: [...baseline.accepted].sort((a, b) => (a.id < b.id ? -1 : 1)),
    ignored: [...baseline.ignored].sort((a, b) => (a.pattern < b.pattern ? -1 : 1)),
  };
  await replaceFile(file, `${JSON.stringify(validated(sorted, "refused"), undefined, 2)}\n`);
  return file;
}

/** The remaining findings, the accepted ones, and the baseline entries that no longer match anything. */
export interface Decided {
  readonly findings: readonly Finding[];
  readonly accepted: readonly Accepted[];
  /** Ids and patterns of entries that no longer match. */
  readonly stale: readonly string[];
}

/**
 * Removes the findings that the baseline accepts. Only unmanaged access can be accepted: everything else must be fixed
 * in the program. An entry that has expired or that names another role is not used, and the finding says so.
 *
 * @param asOf the date to compare expiry dates with
 */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline, asOf: Date): Decided {
  const today = asOf.toISOString().slice(0, 10);
  const rules = rulesOf(baseline);
  const used = new Set<string>();
  const accepted: Accepted[] = [];
  const left = findings.flatMap((finding) => {
    const fitting = acceptable.includes(finding.class) ? rules.filter(({ fits }) => fits(finding)) : [];
    for (const { name } of fitting) used.add(name);
    const valid = fitting.find((rule) => invalidity(rule, finding, today) === undefined);
    if (valid !== undefined) {
      const { reason: why, expires = null, pattern } = valid;
      accepted.push({ id: finding.id, reason: why, expires, pattern });
      return [];
    }
    const [first] = fitting;
    if (first === undefined) return [finding];
    const { reason: why } = first;
    const until = String(invalidity(first, finding, today));
    const note = `it was accepted ${until} (${why})`;
    return [{ ...finding, message: `${finding.message}; ${note}`, note }];
  });
  return {
    findings: left,
    accepted,
    stale: rules.map(({ name }) => name).filter((name) => !used.has(name)),
  };
}

/** The classes of access that nothing declares. Only this access can be accepted. */
const acceptable: readonly Finding["class"][] = ["unmanaged", "self"];

/** Why an entry doesn't apply to this finding: its expiry date or its role. Undefined if it applies. */
function invalidity(
  { expires, role }: { readonly expires?: string | undefined; readonly role?: string | undefined },
  finding: Finding,
  today: string,
): string | undefined {
  if (expires !== undefined && today > expires) return `until ${expires}`;
  const bare = (text = ""): string => text.replaceAll("roles/", "");
  return role === undefined || bare(role) === bare(finding.role) ? undefined : `as ${bare(role)}`;
}

function rulesOf({ accepted, ignored }: Baseline) {
  return [
    ...accepted.map(({ id, ...rest }) => ({
      ...rest,
      name: id,
      pattern: null,
      fits: (finding: Finding) => finding.id === id,
    })),
    ...ignored.map(({ pattern, ...rest }) => ({
      ...rest,
      role: undefined,
      name: pattern,
      pattern,
      fits: matcher(pattern),
    })),
  ];
}

/** A pattern with an @ matches emails. Any other pattern matches API names. */
function matcher(pattern: string): (finding: Finding) => boolean {
  if (!pattern.includes("@")) {
    const fitsName = nameMatcher([pattern]);
    return ({ id }) => fitsName(id);
  }
  const fitsEmail = emailMatcher([pattern]);
  return ({ email }) => email !== undefined && fitsEmail(email);
}
