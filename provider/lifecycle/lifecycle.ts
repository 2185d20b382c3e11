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
 * The operations of any resource, on plain properties. Check, diff, create, read, update and delete are one function
 * each, in a file of the same name. They know the stack and the order of the engine's calls, but not the engine's
 * protocol. A front translates that, such as the one for dynamic providers.
 */
export interface Lifecycle<Inputs extends object, Outputs extends object> {
  readonly resource: Resource<Inputs, Outputs>;
  readonly inputNames: readonly (keyof Inputs & string)[];
  /** @throws Error if a setting is missing or malformed */
  readonly settings: () => Settings;
  /** Opens the session, or returns the open one. */
  readonly open: () => Promise<Session>;
  readonly orphanReporters: readonly OrphanReporter[];
  /** Inputs that a program has declared in this process, by their `equalityKey`. */
  readonly declared: Set<string>;
}

/** The parts of a lifecycle that a front provides. They depend on the engine and the credentials. */
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

/** A resource in Pulumi's state. */
export interface Held<Inputs extends object, Outputs extends object> {
  readonly id: string;
  readonly state: State<Inputs, Outputs>;
  /** The resource's Pulumi URN; empty if it is not known. */
  readonly urn: string;
  /** The URN in the state. It differs from `urn` if an alias has renamed the resource since. */
  readonly recordedUrn: string;
}

/** The parts of a state that stay the same while the thing exists. */
export type Origin = { readonly [K in "madeAt" | "projectOrganization" | "stackId"]: Common[K] | undefined };

/** Keeps only JSON values. Any other value makes Pulumi fail after the thing was created. */
export const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The whole state. It includes every input, because Pulumi passes only outputs to read and delete. */
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

/** The record of what a resource holds. */
export const claimOf = <Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
): Claim => ({
  urn: held.urn,
  // States of earlier versions have no URN.
  knownAs: held.recordedUrn || held.urn,
  madeAt: held.state.madeAt,
  names: namesOf(lifecycle, held),
});

/**
 * Begins an operation on a state: reports the orphans of interrupted runs, and notes the names that the state holds.
 *
 * @throws Error if the state belongs to another API
 */
export async function beginWith<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
  settings: Settings,
): Promise<void> {
  const { state, recordedUrn } = held;
  await lookForOrphans(lifecycle, recordedUrn, state.stackId, settings);
  const names = namesOf(lifecycle, held);
  for (const name of names)
    noteCreationTime(name, state.grantedAt ?? state.madeAt, newFor * settings.retryDelay);
  noteInState(recordedUrn, names);
  assertSameApi(state, settings);
}

/** How long a thing that an earlier run created may still answer 404, in units of `retryDelay`. */
const newFor = 10;

/** Reports the orphans of interrupted runs of this stack. */
export function lookForOrphans<Inputs extends object, Outputs extends object>(
  { orphanReporters, open }: Lifecycle<Inputs, Outputs>,
  urn: string,
  stackId: string | undefined,
  { apiUrl }: Settings,
): Promise<void> {
  noteStackId(urn, stackId);
  return reportOrphans(urn, apiUrl, { reporters: orphanReporters, open });
}

/** Compares with the API in the state: Pulumi does not tell the provider when the credentials move to another API. */
function assertSameApi({ apiUrl }: Common, { apiUrl: current, from }: Settings): void {
  if ((apiUrl as string | undefined) === undefined || isSameApi(apiUrl, current)) return;
  throw new Error(
    `this resource belongs to ${apiUrl}, but the settings name ${current}: set ${from.apiUrl} back, or use another stack for another API`,
  );
}

/** A key that is the same for equal inputs. It reveals no secret. */
export const declarationOf = <Inputs extends object, Outputs extends object>(
  { inputNames }: Lifecycle<Inputs, Outputs>,
  inputs: object,
): string => equalityKey(pick(inputs as Properties, inputNames));
