import type { Resource, State } from "../provider/contract/resource.js";
import type { Limit } from "../provider/api/http/deadline.js";
import { check } from "../provider/lifecycle/check.js";
import { create } from "../provider/lifecycle/create.js";
import { deleteThing } from "../provider/lifecycle/delete.js";
import { diff, type Difference } from "../provider/lifecycle/diff.js";
import { lifecycleOf, type Front, type Held } from "../provider/lifecycle/lifecycle.js";
import { withPlainErrors } from "../provider/lifecycle/plainErrors.js";
import { movedOutputs } from "../provider/lifecycle/preview.js";
import { isUnknown, pick, unknown, type Properties } from "../provider/lifecycle/properties.js";
import { read } from "../provider/lifecycle/read.js";
import { PartlyDone } from "../provider/lifecycle/recording.js";
import { update } from "../provider/lifecycle/update.js";
import { engine } from "../provider/machine/deployment.js";
import { appendDeclarations } from "../provider/stack/claimsLog.js";
import { handlerText } from "../provider/stack/doors.js";
import { kindOf } from "../provider/stack/urns.js";
import { declaredTwice } from "./declaredTwice.js";

/** A resource in the state. */
export interface Recorded {
  readonly urn: string;
  readonly id: string;
  readonly state: Properties;
  /** The seconds of `customTimeouts`; 0 if the program sets none. */
  readonly timeout?: number;
}

/** The inputs of a resource, as the program declares them or as `check` has normalised them. */
export interface Declared {
  readonly urn: string;
  readonly inputs: Properties;
  /** The seconds of `customTimeouts`; 0 if the program sets none. */
  readonly timeout?: number;
}

/** A thing as the cloud has it. */
interface Present {
  readonly id: string;
  readonly state: Properties;
  readonly inputs: Properties;
}

/** One kind of resource behind the protocol, on plain properties. Every error is short and without secrets. */
export interface Served {
  readonly inputNames: readonly string[];
  readonly secretNames: readonly string[];
  check(
    declared: Declared & { readonly isNew: boolean },
  ): Promise<{ inputs: Properties; failures: readonly string[] }>;
  diff(recorded: Recorded, inputs: Properties): Promise<Difference>;
  create(declared: Declared): Promise<{ id: string; state: Properties }>;
  previewCreate(inputs: Properties): Properties;
  /** @returns undefined if the thing is gone */
  read(recorded: Recorded): Promise<Present | undefined>;
  /**
   * Reads a thing that has no state yet. The inputs have their defaults: without them, an imported resource would
   * differ from its program.
   */
  lookUp(recorded: Recorded): Promise<Present | undefined>;
  update(recorded: Recorded, inputs: Properties): Promise<Properties>;
  previewUpdate(recorded: Recorded, inputs: Properties): Promise<Properties>;
  delete(recorded: Recorded): Promise<void>;
}

/** What the settings say about every call. */
interface Surroundings {
  /** The problem of the settings; undefined if there is none. */
  readonly problem: () => string | undefined;
  /** The milliseconds that a call may take if the program sets no limit. */
  readonly deadline: () => number;
}

export function serve<Inputs extends object, Outputs extends object>(
  resource: Resource<Inputs, Outputs>,
  front: Front,
  { problem, deadline }: Surroundings,
): Served {
  const lifecycle = lifecycleOf(resource, front);
  const { inputNames } = lifecycle;
  const outputs: Readonly<Record<string, "plain" | "secret" | undefined>> = resource.outputs;
  const outputNames = Object.keys(outputs);

  const held = ({ urn, id, state }: Recorded): Held<Inputs, Outputs> => ({
    id,
    urn,
    state: state as State<Inputs, Outputs>,
    // An alias gives a resource another URN. The state keeps the one that it was written under.
    recordedUrn: typeof state.__urn === "string" ? state.__urn : urn,
  });
  const recordable = (state: object, urn: string): Properties => ({
    ...state,
    __urn: urn,
    __provider: handlerText(kindOf(urn)),
  });

  const served: Omit<Served, "inputNames" | "secretNames" | "previewCreate"> = {
    async check({ urn, inputs: given, isNew }) {
      const { inputs, failures } = await check(lifecycle, {
        inputs: given,
        urn,
        isNew,
        problems: [problem() ?? []].flat(),
      });
      const isSure = failures.length === 0 && !isUnknown(inputs);
      const thing = isSure ? resource.declares?.(inputs as Inputs) : undefined;
      // A deletion that comes before this resource's creation must keep what this resource declares.
      if (thing !== undefined) {
        const expires = resource.endsAt?.(inputs as Inputs);
        appendDeclarations(engine(), [{ urn, names: [thing], expires }]);
      }
      return { inputs, failures: [...failures, ...declaredTwice(thing, urn)] };
    },

    diff: (recorded, inputs) => diff(lifecycle, held(recorded), inputs as Inputs),

    async create({ urn, inputs }) {
      const { id, state } = await recording(urn, () => create(lifecycle, inputs as Inputs, urn));
      return { id, state: recordable(state, urn) };
    },

    async read(recorded) {
      const found = await read(lifecycle, held(recorded));
      return found === undefined
        ? undefined
        : {
            id: found.id,
            state: recordable(found.state, held(recorded).recordedUrn),
            inputs: { ...found.inputs },
          };
    },

    async lookUp(recorded) {
      const found = await served.read(recorded);
      if (found === undefined) return undefined;
      const { urn } = recorded;
      // This declares nothing: a program can look up what another resource declares.
      const { inputs } = await check(lifecycle, { inputs: found.inputs, urn, isNew: false, problems: [] });
      return { id: found.id, state: { ...inputs, ...found.state }, inputs };
    },

    async update(recorded, inputs) {
      const work = () => update(lifecycle, held(recorded), inputs as Inputs);
      return recordable(await recording(recorded.urn, work), recorded.urn);
    },

    async previewUpdate(recorded, inputs) {
      const moved = await movedOutputs(lifecycle, held(recorded), inputs as Inputs);
      const kept = Object.entries(recorded.state).filter(
        ([name]) => outputNames.includes(name) || !inputNames.some((input) => input === name),
      );
      const unknowns = moved.map((name) => [name, unknown] as const);
      return { ...pick(inputs, inputNames), ...Object.fromEntries<unknown>([...kept, ...unknowns]) };
    },

    delete: (recorded) => deleteThing(lifecycle, held(recorded)),
  };

  /** Completes the state of a partly done operation. */
  async function recording<T>(urn: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PartlyDone)) throw error;
      const { id, state, reason } = error as PartlyDone<object, object>;
      throw new PartlyDone(id, recordable(state, urn) as typeof state, reason);
    }
  }

  return {
    inputNames,
    secretNames: outputNames.filter((name) => outputs[name] === "secret"),
    previewCreate: (inputs) => ({
      ...inputs,
      ...Object.fromEntries(outputNames.map((name) => [name, unknown])),
    }),
    ...withPlainErrors(
      served,
      (call) => limitOf(call as Recorded) ?? deadline(),
      (error) => error instanceof PartlyDone,
    ),
  };
}

/** The limit that the program sets for one resource. */
function limitOf({ timeout = 0 }: Recorded): Limit | undefined {
  return timeout > 0 ? { deadline: 1000 * timeout, knob: "customTimeouts" } : undefined;
}
