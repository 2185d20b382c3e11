import type { dynamic } from "@pulumi/pulumi";
import type { Settings } from "../api/http/settings.js";
import type { OrphanReporter } from "../recovery/orphanReport.js";
import { check } from "../lifecycle/check.js";
import { create } from "../lifecycle/create.js";
import { deleteThing } from "../lifecycle/delete.js";
import { diff } from "../lifecycle/diff.js";
import { lifecycleOf, type Held } from "../lifecycle/lifecycle.js";
import { withPlainErrors } from "../lifecycle/plainErrors.js";
import type { Properties } from "../lifecycle/properties.js";
import { read } from "../lifecycle/read.js";
import { PartlyDone } from "../lifecycle/recording.js";
import { update } from "../lifecycle/update.js";
import type { Resource, State } from "../contract/resource.js";
import { sessionFor } from "../session/session.js";
import { deadlineOf, settingsOf, settingsProblem, type Config } from "../session/settings.js";
import { noteOrganization, noteOrganizationOfState } from "../stack/recordedState.js";
import { hidden, urnOf } from "./hiddenInputs.js";
import { isPartialFailure, partialFailure } from "./partialFailure.js";

/**
 * Adapts a resource to Pulumi's dynamic-provider contract: hidden inputs, unknown values, the shape of results. The
 * operations themselves are in `lifecycle`.
 */
export function adapt<Inputs extends object, Outputs extends object>(
  resource: Resource<Inputs, Outputs>,
  orphanReporters: readonly OrphanReporter[],
): dynamic.ResourceProvider<Inputs, State<Inputs, Outputs>> {
  type Outs = State<Inputs, Outputs>;
  let config: Config = () => undefined;
  const lifecycle = lifecycleOf(resource, {
    settings: () => settingsOf(config),
    open: () => sessionFor(config),
    orphanReporters,
  });

  /** @param inputs the inputs that the program declares; the state in calls that get none */
  function held(id: string, state: Outs, inputs: object = state): Held<Inputs, Outputs> {
    noteOrganizationOfState((state as Properties).__organization);
    return { id, state, urn: urnOf(inputs), recordedUrn: urnOf(state) };
  }

  const provider = {
    /**
     * Only stores the configuration. Pulumi calls other methods before an asynchronous configure ends, and continues
     * after one that throws.
     */
    configure(request: dynamic.ConfigureRequest): Promise<void> {
      config = (key) => request.config.get(key);
      return Promise.resolve();
    },

    async check(olds: Properties, news: Properties): Promise<dynamic.CheckResult> {
      noteOrganization(news.__organization);
      const { inputs, failures } = await check(lifecycle, {
        inputs: Object.fromEntries(Object.entries(news).filter(([name]) => !name.startsWith("__"))),
        urn: urnOf(news),
        isNew: Object.keys(olds).length === 0,
        problems: settingProblems(config, news.__askedAs),
      });
      return {
        inputs: { ...hidden(news), ...inputs },
        // Pulumi prints the value of a failure's property, even if it is secret. So this names no property.
        failures: failures.map((reason) => ({ property: "", reason })),
      };
    },

    async diff(id: string, olds: Outs, news: Inputs): Promise<dynamic.DiffResult> {
      const { changes, replaces, deleteBeforeReplace } = await diff(lifecycle, held(id, olds, news), news);
      if (changes !== "byProperty") return { changes: changes === "always" };
      // Without `changes`, the engine compares the properties itself and shows each difference.
      return { replaces: [...replaces], deleteBeforeReplace };
    },

    async create(inputs: Inputs): Promise<dynamic.CreateResult<Outs>> {
      noteOrganizationOfState((inputs as Properties).__organization);
      return recording(inputs, async () => {
        const { id, state } = await create(lifecycle, inputs, urnOf(inputs));
        return { id, outs: { ...hidden(inputs), ...state } };
      });
    },

    async read(id: string, props: Outs): Promise<{ id: string; props: object; inputs?: object }> {
      const found = await read(lifecycle, held(id, props));
      if (found === undefined) return { id: "", props: {} };
      return {
        id: found.id,
        props: { ...hidden(props), ...found.state },
        inputs: { ...hidden(props), ...found.inputs },
      };
    },

    async update(id: string, olds: Outs, news: Inputs): Promise<dynamic.UpdateResult<Outs>> {
      return recording(news, async () => ({
        outs: { ...hidden(news), ...(await update(lifecycle, held(id, olds, news), news)) },
      }));
    },

    async delete(id: string, props: Outs): Promise<void> {
      await deleteThing(lifecycle, held(id, props));
    },
  };

  return withPlainErrors(provider, () => deadlineOf(config), isPartialFailure) as unknown as ReturnType<
    typeof adapt<Inputs, Outputs>
  >;
}

/** Runs an operation. Turns a partly done operation into a failure from which Pulumi records the state. */
async function recording<T>(inputs: object, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartlyDone)) throw error;
    const { __provider } = inputs as Properties;
    const { id, state, reason } = error as PartlyDone<object, object>;
    throw partialFailure(id, { ...hidden(inputs), ...state, __provider }, reason);
  }
}

/** @param askedAs key id and API of the lookups, as JSON; the program's process may have other environment variables */
function settingProblems(config: Config, askedAs: unknown): string[] {
  const problem = settingsProblem(config);
  if (problem !== undefined) return [problem];
  const { keyId, apiUrl, isExplicit } = settingsOf(config);
  if (typeof askedAs !== "string" || isExplicit) return [];
  const asked = JSON.parse(askedAs) as Partial<Settings>;
  if (asked.keyId === keyId && asked.apiUrl === apiUrl) return [];
  return [
    `the program's lookups asked ${asked.apiUrl} with key ${asked.keyId}, but its resources ask ${apiUrl} with key ${keyId}: the program's process does not see the environment variables of the engine, such as the envVars of an Automation API workspace. Set the same ones in process.env, or put the login into the stack's configuration`,
  ];
}
