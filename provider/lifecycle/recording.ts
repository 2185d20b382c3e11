import { shorten } from "../api/text/foreignText.js";
import { redact } from "../api/text/redact.js";
import { publishClaim } from "../stack/claims.js";
import { confirmRecorded, endWork } from "../recovery/journal.js";
import { Incomplete, type State } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { claimOf, stateOf, type Lifecycle, type Origin } from "./lifecycle.js";

/**
 * Thrown if a thing was created or changed in part. The engine must record the state: the next update starts from it.
 */
export class PartlyDone<Inputs extends object, Outputs extends object> extends Error {
  constructor(
    readonly id: string,
    readonly state: State<Inputs, Outputs>,
    readonly reason: string,
  ) {
    super(reason);
  }
}

interface Recording<Inputs> {
  readonly inputs: Inputs;
  readonly urn: string;
  readonly session: Session;
  readonly origin: () => Promise<Origin>;
}

/**
 * Runs an operation whose result the engine records, even if it fails half-way. A refresh loses Pulumi's own mark of an
 * incomplete thing, so our mark is an output.
 *
 * @throws PartlyDone if the resource says that it is incomplete
 */
export async function recorded<Inputs extends object, Outputs extends object, T>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  { inputs, urn, session, origin }: Recording<Inputs>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const result = await work();
    await confirmRecorded(urn);
    return result;
  } catch (error) {
    if (!(error instanceof Incomplete)) throw error;
    const { created, reason } = error as Incomplete<Outputs>;
    const incomplete = shorten(redact(reason));
    const state = stateOf(lifecycle, inputs, created.outputs, session, await origin());
    publishClaim(claimOf(lifecycle, { id: created.id, state, urn, recordedUrn: urn }));
    await confirmRecorded(urn);
    throw new PartlyDone(created.id, { ...state, incomplete }, incomplete);
  } finally {
    endWork(urn);
  }
}
