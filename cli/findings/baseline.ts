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
  /** Unmanaged things that are accepted one by one. */
  accepted: v.optional(
    v.array(
      v.strictObject({
        id: v.pipe(v.string(), v.nonEmpty()),
        /** The role that a membership is accepted with; any role where nothing is said. */
        role: v.optional(v.string()),
        reason,
        expires: v.optional(date),
      }),
    ),
    [],
  ),
  /** Patterns of unmanaged things that are nobody's business here. */
  ignored: v.optional(
    v.array(v.strictObject({ pattern: v.pipe(v.string(), v.nonEmpty()), reason, expires: v.optional(date) })),
    [],
  ),
});

/** Decisions about unmanaged things, in a file that is kept and reviewed with the program. */
export type Baseline = v.InferOutput<typeof Baseline>;

/** The baseline's file where no other is named. */
export const defaultBaseline = "dt-baseline.json";

/** An unmanaged thing that somebody has decided about. */
export interface Accepted {
  readonly id: string;
  readonly reason: string;
  /** The last day on which that holds (UTC); null is for good. */
  readonly expires: string | null;
  /** The pattern that matched; null where the thing itself is named. */
  readonly pattern: string | null;
}

/** Whether a baseline names this thing, however long that holds. */
export function namesIn({ accepted }: Baseline): (name: string) => boolean {
  const names = new Set(accepted.map(({ id }) => id));
  return (name) => names.has(name);
}

/** Organizations of which a baseline accepts members: a new one there is to be seen. */
export const organizationsIn = ({ accepted }: Baseline): string[] => [
  ...new Set(
    accepted.flatMap(({ id }) => (collectionsOf(id) === "organizations/members" ? [parentOf(id)] : [])),
  ),
];

/** To decide by. @throws Error when a named file is missing, or any is malformed */
export function readBaseline(path: string | undefined): Baseline {
  const file = path ?? defaultBaseline;
  return path === undefined && !existsSync(file) ? empty : read(file);
}

/** To add to: there may be none yet. @throws Error when there is one, and it is malformed */
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

/** Writes it in an order of its own, so that a diff shows only what was decided. */
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

/** What is left to be told, what was decided, and decisions that nothing fits any more. */
export interface Decided {
  readonly findings: readonly Finding[];
  readonly accepted: readonly Accepted[];
  /** Ids and patterns. */
  readonly stale: readonly string[];
}

/**
 * Takes the decided ones out. Only unmanaged things can be decided about: everything else is mended in the program.
 * A decision that has expired, or was about another role, counts no more, and the finding says so.
 *
 * @param asOf the date that expiries are judged by
 */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline, asOf: Date): Decided {
  const today = asOf.toISOString().slice(0, 10);
  const rules = rulesOf(baseline);
  const used = new Set<string>();
  const accepted: Accepted[] = [];
  const left = findings.flatMap((finding) => {
    const fitting = finding.class === "unmanaged" ? rules.filter(({ fits }) => fits(finding)) : [];
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
    return [{ ...finding, message: `${finding.message}; it was accepted ${until} (${why})` }];
  });
  return {
    findings: left,
    accepted,
    stale: rules.map(({ name }) => name).filter((name) => !used.has(name)),
  };
}

/** What a decision was limited to, where it does not hold for this finding; undefined where it holds. */
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

/** A pattern with an @ is for emails, any other for API names. */
function matcher(pattern: string): (finding: Finding) => boolean {
  if (!pattern.includes("@")) {
    const fitsName = nameMatcher([pattern]);
    return ({ id }) => fitsName(id);
  }
  const fitsEmail = emailMatcher([pattern]);
  return ({ email }) => email !== undefined && fitsEmail(email);
}
