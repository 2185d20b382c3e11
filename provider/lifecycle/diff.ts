import { notice } from "../api/text/notice.js";
import { noteClaim, noteReplacement } from "../stack/claims.js";
import { beginWith, claimOf, declarationOf, type Held, type Lifecycle } from "./lifecycle.js";
import { plan, whatIsDue } from "./plan.js";
import { movedBy } from "./preview.js";

export interface Difference {
  /** The inputs that differ and have an effect. */
  readonly changed: readonly string[];
  /** The outputs that the update may change; none in a replacement. */
  readonly moved: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** `byProperty`: the inputs that differ decide. `always`: an update is needed, even if no input differs. */
  readonly changes: "none" | "byProperty" | "always";
}

/** Decides what the engine must do to a resource. */
export async function diff<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
  inputs: Inputs,
): Promise<Difference> {
  const { resource, declared, open } = lifecycle;
  const { id, state, urn } = held;
  const settings = lifecycle.settings();
  await beginWith(lifecycle, held, settings);
  noteClaim(claimOf(lifecycle, held));
  const { effective, replaces, deleteBeforeReplace } = await plan(lifecycle, held, inputs, settings);
  const isReplacement = replaces.length > 0;
  if (isReplacement) noteReplacement(claimOf(lifecycle, held));
  // In a refresh, the inputs come from the state, not from a program. A due rotation is not drift, so ignore it there.
  const isProgram = declared.has(declarationOf(lifecycle, inputs));
  const due = isProgram && !isReplacement ? await whatIsDue(lifecycle, held, inputs, settings) : undefined;
  if (due !== undefined) notice(due.reason);
  if (isProgram) await resource.onPlan?.({ id, state, inputs, settings, isReplacement, open }, urn);
  const isUnfinished = state.incomplete !== undefined || (due !== undefined && effective.length === 0);
  const changes = !isReplacement && isUnfinished ? "always" : effective.length === 0 ? "none" : "byProperty";
  const hasMoved = changes !== "none" && !isReplacement;
  const moved = hasMoved ? movedBy(resource, { state, inputs, changed: effective, due }) : [];
  return { changed: effective, moved, replaces, deleteBeforeReplace, changes };
}
