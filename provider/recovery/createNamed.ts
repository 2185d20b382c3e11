import { noteCreation } from "../api/http/recentlyCreated.js";
import { notice } from "../api/text/notice.js";
import type { Session } from "../session/session.js";
import { assertNoOtherCreation, awaitConcurrentRuns } from "./concurrentRuns.js";
import { createOnce, pollForOutcome, pollUntilFound } from "./createOnce.js";
import { isOver, mayBeOf } from "./intentOutcome.js";
import {
  closeIntent,
  hasCompetingIntent,
  intentsOfOtherProcesses,
  loadRecordedNames,
  mayBeInState,
  mayBeResumed,
  noteCreated,
  openIntentsOf,
  type Intent,
} from "./journal.js";
import { reportCandidates, type OrphanReporter } from "./orphanReport.js";

/** A thing that the API names itself, so that the only property to recognise a new one by is its display name. */
interface Named {
  /** The API name. */
  readonly name: string;
  readonly displayName: string;
}

/** A kind of such things. */
export interface NamedKind<Body extends Named> {
  readonly kind: Intent["kind"];
  /** What people call such a thing, such as "service account". */
  readonly noun: string;
  /** All things of this kind in a place, such as the accounts of a project. */
  readonly list: (api: Session["api"], parent: string) => Promise<readonly Body[]>;
  /** The thing itself; undefined if it is proven to be gone. */
  readonly find: (api: Session["api"], name: string) => Promise<Body | undefined>;
  /** When it was created, in RFC 3339; empty if that is not known. */
  readonly createTimeOf: (body: Body) => string;
}

interface NamedCreation<Body extends Named> {
  /** The place that the new thing is in. */
  readonly parent: string;
  readonly displayName: string;
  /** Sends the POST. */
  readonly post: () => Promise<Body>;
  /**
   * Looks at the things that have the same display name already.
   *
   * @param isStateKnown whether the whole state of the stack could be read
   * @throws Error if one of them must not have a namesake
   */
  readonly meetNamesakes: (namesakes: readonly Body[], isStateKnown: boolean) => void | Promise<void>;
}

/**
 * Creates exactly one thing. If an interrupted run, or a POST without an answer, created it already, finds that one.
 * Such things can only be told apart by display name and creation time. If two match, reports both and changes nothing.
 *
 * @returns the thing; one that was found again may still differ from the declared one
 * @throws Error if more than one thing could be the one that an interrupted run created
 */
export async function createNamed<Body extends Named>(
  kind: NamedKind<Body>,
  { parent, displayName, post, meetNamesakes }: NamedCreation<Body>,
  urn: string,
  session: Session,
): Promise<Body> {
  const { api, settings } = session;
  const isStateKnown = await loadRecordedNames(urn);
  await awaitConcurrentRuns(urn, settings);
  const left = await fromEarlierRun(kind, parent, urn, session);
  if (left !== undefined) return left;
  assertNoOtherCreation(urn);
  const namesakes = (await kind.list(api, parent)).filter((body) => body.displayName === displayName);
  await meetNamesakes(namesakes, isStateKnown);

  const before = namesakes.map(({ name }) => name);
  const intent = {
    urn,
    apiUrl: settings.apiUrl,
    kind: kind.kind,
    parent,
    label: displayName,
    before,
  } as const;
  const body = await createOnce<Body>({
    intent,
    nameOf: ({ name }) => name,
    post,
    look: (entry) =>
      pollUntilFound(settings.retryDelay, async () => {
        const present = await kind.list(api, parent);
        // Another resource with this display name may be waiting for the same thing.
        const found = hasCompetingIntent(entry) ? undefined : theOne(kind, present, entry);
        if (found !== undefined) {
          notice(
            `the answer to the creation of "${displayName}" in ${parent} was lost; ${found.name} was created at that time with this name. This run treats it as the one it created`,
          );
        }
        return found;
      }),
  });
  noteCreation(body.name);
  return body;
}

async function fromEarlierRun<Body extends Named>(
  kind: NamedKind<Body>,
  parent: string,
  urn: string,
  { api, settings: { apiUrl, retryDelay } }: Session,
): Promise<Body | undefined> {
  const isAtWork = new Set(intentsOfOtherProcesses(urn).map(({ entry }) => entry));
  for (const intent of openIntentsOf({ urn, apiUrl, kind: kind.kind, parent })) {
    // Another process is still at work on this thing.
    if (intent.made !== undefined && isAtWork.has(intent.entry)) continue;
    const found = await outcomeOf(intent);
    if (found === undefined) {
      // Keep the intent open while the thing may still appear: a later run reports it.
      if (intent.made !== undefined || (isOver(intent) && !isAtWork.has(intent.entry))) closeIntent(intent);
      continue;
    }
    notice(
      intent.made === undefined
        ? `an interrupted run was creating "${intent.label}" in ${parent}; ${found.name} was created at that time with this name. This run treats it as the one that was interrupted`
        : `found ${kind.noun} ${found.name} again, which an interrupted run had made`,
    );
    noteCreated(intent, found.name);
    return found;
  }
  return undefined;

  async function outcomeOf(intent: Intent): Promise<Body | undefined> {
    if (intent.made === undefined) {
      return pollForOutcome(intent, retryDelay, async () =>
        theOne(kind, await kind.list(api, parent), intent),
      );
    }
    // Before a replacement, the state holds a thing, which may be this one.
    // A thing that went to the engine in this run may be in a state, too.
    if (mayBeInState(urn) || !mayBeResumed(intent)) return undefined;
    return kind.find(api, intent.made);
  }
}

/** Reports the things of this kind that interrupted runs may have created. */
export const namedOrphans = <Body extends Named>(kind: NamedKind<Body>): OrphanReporter => ({
  kind: kind.kind,
  report: async (intent, api) =>
    reportCandidates(intent, candidatesFor(kind, intent, await kind.list(api, intent.parent))),
});

/** The things that `intent` may have created. */
const candidatesFor = <Body extends Named>(
  { createTimeOf }: NamedKind<Body>,
  intent: Intent,
  present: readonly Body[],
): Body[] =>
  present.filter(
    (body) =>
      body.displayName === intent.label &&
      mayBeOf(intent, { name: body.name, createTime: createTimeOf(body) }),
  );

/**
 * The thing with the name of `intent` that was created at the time of `intent`, and that nothing else accounts for.
 *
 * @throws Error if more than one thing matches
 */
function theOne<Body extends Named>(kind: NamedKind<Body>, present: readonly Body[], intent: Intent) {
  const candidates = candidatesFor(kind, intent, present);
  if (candidates.length > 1) {
    throw new Error(
      `the answer to the creation of "${intent.label}" in ${intent.parent} was lost, and ${candidates.map(({ name }) => name).join(" and ")} could be it: set adopt to the one that is yours, and delete what is nobody's`,
    );
  }
  return candidates[0];
}
