import { isSameApi } from "../session/apiBase.js";
import { noteCreationTime } from "../api/http/recentlyCreated.js";
import type { Settings } from "../api/http/settings.js";
import type { Claim } from "../stack/claims.js";
import { noteInState } from "../recovery/journal.js";
import { reportOrphans, type OrphanReporter } from "../recovery/orphanReport.js";
import type { Common, Resource, State } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { noteStackId } from "../stack/stackIdentity.js";
import { equalityKey, pick, type Properties } from "./properties.js";

/**
 * The life of any resource, in plain properties: check, diff, create, read, update and delete are a function each, in a file of the
 * same name. They know the stack and the engine's order of calls, but not how the engine calls: a front, such as that for dynamic
 * providers, translates.
 */
export interface Lifecycle<Inputs extends object, Outputs extends object> {
  readonly resource: Resource<Inputs, Outputs>;
  readonly inputNames: readonly (keyof Inputs & string)[];
  /** @throws Error when a setting is missing or malformed */
  readonly settings: () => Settings;
  /** Opens the session, or returns the open one. */
  readonly open: () => Promise<Session>;
  readonly orphanReporters: readonly OrphanReporter[];
  /** Inputs that a program has declared in this process, by their `equalityKey`. */
  readonly declared: Set<string>;
}

/** What a front knows of the engine and the credentials. */
export type Front = Pick<Lifecycle<never, never>, "settings" | "open" | "orphanReporters">;

export const lifecycleOf = <Inputs extends object, Outputs extends object>(
  resource: Resource<Inputs, Outputs>,
  front: Front,
): Lifecycle<Inputs, Outputs> => ({
  resource,
  inputNames: Object.keys(resource.check) as (keyof Inputs & string)[],
  declared: new Set(),
  ...front,
});

/** A resource as its state has it. */
export interface Held<Inputs extends object, Outputs extends object> {
  readonly id: string;
  readonly state: State<Inputs, Outputs>;
  /** Which resource of which stack this is, as Pulumi names it; empty where that is not known. */
  readonly urn: string;
  /** The URN that the state tells: an alias may have given the resource another one since. */
  readonly recordedUrn: string;
}

/** What a state has of a thing for as long as it exists. */
export type Origin = { readonly [K in "madeAt" | "projectOrganization" | "stackId"]: Common[K] | undefined };

/** Only what JSON can hold: anything else makes Pulumi fail after the thing was created. */
export const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** All that is kept: every input, since Pulumi hands only outputs to read and delete, then the outputs. */
export const stateOf = <Inputs extends object, Outputs extends object>(
  { inputNames }: Lifecycle<Inputs, Outputs>,
  inputs: Partial<Inputs>,
  outputs: Outputs,
  { settings }: Session,
  { madeAt, projectOrganization, stackId }: Origin,
): State<Inputs, Outputs> =>
  clean({
    ...pick(inputs as Properties, inputNames),
    ...outputs,
    apiUrl: settings.apiUrl,
    projectOrganization,
    madeAt,
    stackId,
  }) as unknown as State<Inputs, Outputs>;

const namesOf = <Inputs extends object, Outputs extends object>(
  { resource }: Lifecycle<Inputs, Outputs>,
  { id, state }: Pick<Held<Inputs, Outputs>, "id" | "state">,
): readonly string[] => resource.holds?.(id, state) ?? [id];

/** What a resource holds, for the record of who holds what. */
export const claimOf = <Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
): Claim => ({
  urn: held.urn,
  // States of earlier versions tell none.
  knownAs: held.recordedUrn || held.urn,
  madeAt: held.state.madeAt,
  names: namesOf(lifecycle, held),
});

/**
 * Every operation on a state begins here: it reports the orphans of interrupted runs, and notes what the state shows.
 *
 * @throws Error where the state belongs to another API
 */
export async function beginWith<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
  settings: Settings,
): Promise<void> {
  const { state, recordedUrn } = held;
  await lookForOrphans(lifecycle, recordedUrn, state.stackId, settings);
  const names = namesOf(lifecycle, held);
  for (const name of names) noteCreationTime(name, state.madeAt, newFor * settings.retryDelay);
  noteInState(recordedUrn, names);
  assertSameApi(state, settings);
}

/** How long what an earlier run made may answer 404, in units of the first retry. */
const newFor = 10;

/** Reports what interrupted runs of this stack have left. */
export function lookForOrphans<Inputs extends object, Outputs extends object>(
  { orphanReporters, open }: Lifecycle<Inputs, Outputs>,
  urn: string,
  stackId: string | undefined,
  { apiUrl }: Settings,
): Promise<void> {
  noteStackId(urn, stackId);
  return reportOrphans(urn, apiUrl, { reporters: orphanReporters, open });
}

/** Pulumi calls nothing when the credentials move to another API, so the state remembers where it belongs. */
function assertSameApi({ apiUrl }: Common, { apiUrl: current, from }: Settings): void {
  if ((apiUrl as string | undefined) === undefined || isSameApi(apiUrl, current)) return;
  throw new Error(
    `this resource belongs to ${apiUrl}, but the settings name ${current}: set ${from.apiUrl} back, or use another stack for another API`,
  );
}

/** The same for equal inputs. No secret can be read from it. */
export const declarationOf = <Inputs extends object, Outputs extends object>(
  { inputNames }: Lifecycle<Inputs, Outputs>,
  inputs: object,
): string => equalityKey(pick(inputs as Properties, inputNames));
