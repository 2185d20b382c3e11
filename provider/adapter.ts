import { createHash } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";
import { isSameApi } from "./session/apiBase.js";
import { noteCreation, noteCreationTime } from "./api/http/recentlyCreated.js";
import { engineActivity } from "./api/gathering/engineActivity.js";
import { ApiError } from "./api/http/errors.js";
import { beginDeletion, noteClaim, publishClaim, noteReplacement, type Claim } from "./stack/claims.js";
import { withNearName } from "./api/reads/find.js";
import { notice } from "./api/text/notice.js";
import { redact, redactGiven } from "./api/text/redact.js";
import { serverNow } from "./api/http/serverClock.js";
import type { Settings } from "./api/http/settings.js";
import {
  noteResourceInState,
  confirmRecorded,
  loadRecordedNames,
  endWork,
  noteInState,
} from "./recovery/journal.js";
import { reportOrphans } from "./recovery/orphanReport.js";
import { partialFailure, shorten, withPlainErrors } from "./plainErrors.js";
import { noteProjectOrganization, projectOrganizationOf } from "./lifecycle/projectOrganization.js";
import { adviceFor } from "./stack/renames.js";
import {
  Incomplete,
  InvalidInput,
  type Check,
  type Common,
  type Resource,
  type State,
} from "./contract/resource.js";
import { decisionDate, sessionFor, type Session } from "./session/session.js";
import { settingsOf, type Config } from "./session/settings.js";
import { explainUnseen } from "./lifecycle/unseenPlaces.js";
import { nameIn } from "./stack/urns.js";
import { noteStackId, stackIdFor } from "./stack/stackIdentity.js";
import { noteOrganization, noteOrganizationOfState } from "./stack/recordedState.js";

/** How a value that is not known yet arrives in check and diff. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Properties = Record<string, unknown>;
/** What a state has of a thing for as long as it lives. */
type Origin = { readonly [K in "madeAt" | "projectOrganization" | "stackId"]: Common[K] | undefined };

/**
 * Puts a resource behind Pulumi's dynamic-provider contract. Everything that the contract asks beyond the resource's own
 * lifecycle is here: errors as text, clean outputs, one world, per-property diffs, markers of unfinished work.
 */
export function adapt<Inputs extends object, Outputs extends object>(
  resource: Resource<Inputs, Outputs>,
): dynamic.ResourceProvider<Inputs, State<Inputs, Outputs>> {
  type Held = State<Inputs, Outputs>;
  const inputNames = Object.keys(resource.check) as (keyof Inputs & string)[];
  const checks: Readonly<Record<string, Check<unknown>>> = resource.check;
  let config: Config = () => undefined;
  const deadline = (): number => deadlineOf(config);
  /** Inputs that a program has declared in this process. */
  const checked = new Set<string>();

  /** All that is kept: every input, since Pulumi hands only outputs to read and delete, then the outputs. Only what JSON holds. */
  const toOuts = (
    inputs: Partial<Inputs>,
    outputs: Outputs,
    { settings }: Session,
    { madeAt, projectOrganization, stackId }: Origin,
  ): Held =>
    clean({
      ...hidden(inputs as Properties),
      ...pick(inputs as Properties, inputNames),
      ...outputs,
      apiUrl: settings.apiUrl,
      projectOrganization,
      madeAt,
      stackId,
    }) as unknown as Held;

  const namesOf = (id: string, state: Held): readonly string[] => resource.holds?.(id, state) ?? [id];

  /** @param inputs what the program declares: an alias may have given the resource another URN than its state tells */
  const claimOf = (id: string, state: Held, inputs: object = state): Claim => ({
    urn: urnOf(inputs),
    // States of earlier versions tell none.
    knownAs: urnOf(state) || urnOf(inputs),
    madeAt: state.madeAt,
    names: namesOf(id, state),
  });

  /** Every state that is shown to us settles what the journal has of it, and tells how new the thing is. */
  const noteHeld = (id: string, state: Held, { retryDelay }: Settings): void => {
    const names = namesOf(id, state);
    for (const name of names) noteCreationTime(name, state.madeAt, newFor * retryDelay);
    noteInState(urnOf(state), names);
  };

  /** Brings to light what interrupted runs of this stack have left. */
  const lookForLeftovers = (properties: Pick<Common, "stackId">, settings: Settings): Promise<void> => {
    noteOrganizationOfState((properties as Properties).__organization);
    noteStackId(urnOf(properties), properties.stackId);
    return reportOrphans(urnOf(properties), settings.apiUrl, () => sessionFor(config));
  };

  const open = () => sessionFor(config);

  /** Whether a program looks a thing up: then no state holds it. */
  const isLookUp = (props: Held): boolean => props[resource.computed as keyof Held] === undefined;

  /** @returns why there is nothing to adopt. Where the API can't be asked, the creation itself tells, if it meets the same. */
  const announceAdoption = async (inputs: Inputs): Promise<string[]> => {
    try {
      await resource.announceAdoption?.(inputs, await sessionFor(config));
      return [];
    } catch (error) {
      return error instanceof ApiError ? [] : [(error as Error).message];
    }
  };

  const planned = async (id: string, state: Held, inputs: Inputs, settings: Settings) => {
    const changed = inputNames.filter((name) => !isEqual((state as Properties)[name], inputs[name]));
    const effective = changed.filter((name) => resource.onChange[name] !== "ignore");
    // An unknown value replaces nothing yet: it is unknown in any preview that touches what it comes from.
    const replaces = await without(
      effective.filter((name) => resource.onChange[name] !== "update" && !isUnknown(inputs[name])),
      (name) => resource.staysTheSame?.(name, { id, state, inputs, settings, isReplacement: true, open }),
    );
    const deleteBeforeReplace = replaces.some((name) => resource.onChange[name] === "recreate");
    const isReplacement = replaces.length > 0;
    // What is not known yet is judged once it is: the engine asks again before it changes anything.
    const settled = inputNames.map((name) => [
      name,
      isUnknown(inputs[name]) ? (state as Properties)[name] : inputs[name],
    ]);
    const known = Object.fromEntries(settled) as Inputs;
    await resource.guardChange?.({ id, state, inputs: known, settings, isReplacement, open });
    return { effective, replaces, deleteBeforeReplace };
  };

  /** Asks what time alone makes necessary, as far as it can be told from what is known. */
  const whatIsDue = async (id: string, state: Held, news: Inputs, settings: Settings) => {
    const isDecisive = (name: keyof Inputs): boolean => resource.dueWithout?.includes(name) !== true;
    const isKnown = (name: keyof Inputs): boolean => !isUnknown(news[name]);
    if (!inputNames.every((name) => isKnown(name) || !isDecisive(name))) return undefined;
    const inputs = pick(news as Properties, inputNames.filter(isKnown)) as Inputs;
    const date = () => decisionDate(settings, open);
    return await resource.isDue?.({ id, state, inputs, settings, isReplacement: false, date });
  };

  const provider = {
    /** Only stores: Pulumi calls others before an asynchronous configure ends, and goes on after one that throws. */
    configure(request: dynamic.ConfigureRequest): Promise<void> {
      config = (key) => request.config.get(key);
      return Promise.resolve();
    },

    async check(olds: Properties, news: Properties): Promise<dynamic.CheckResult> {
      const isNew = Object.keys(olds).length === 0;
      noteOrganization(news.__organization);
      if (!isNew) noteResourceInState(urnOf(news));
      const inputs = hidden(news);
      const reasons = settingProblems(config, news.__askedAs);
      for (const name of inputNames) {
        try {
          const check = checks[name] as Check<unknown>;
          const value = isUnknown(news[name]) ? news[name] : check(news[name] ?? undefined);
          if (value !== undefined) inputs[name] = value;
        } catch (error) {
          if (!(error instanceof InvalidInput)) throw error;
          reasons.push(`${name} ${error.message}`);
        }
      }
      for (const name of Object.keys(news)) {
        if (!name.startsWith("__") && !(name in resource.check)) {
          reasons.push(`${name} is no input of this resource; it takes ${inputNames.join(", ")}`);
        }
      }
      const conflict =
        reasons.length > 0 || isUnknown(inputs) ? undefined : resource.checkTogether?.(inputs as Inputs);
      if (conflict !== undefined) reasons.push(conflict);
      checked.add(fingerprint(pick(inputs, inputNames)));
      if (isNew && reasons.length === 0 && !isUnknown(inputs) && "adopt" in inputs) {
        reasons.push(...(await announceAdoption(inputs as Inputs)));
      }
      // Pulumi prints the value of a failure's property, secret or not: so none is named there.
      return {
        inputs,
        failures: reasons.map((reason) => ({ property: "", reason: shorten(redactGiven(reason)) })),
      };
    },

    async diff(id: string, olds: Held, news: Inputs): Promise<dynamic.DiffResult> {
      const settings = settingsOf(config);
      await lookForLeftovers(olds, settings);
      noteHeld(id, olds, settings);
      noteClaim(claimOf(id, olds, news));
      assertSameWorld(olds, settings);
      const { effective, replaces, deleteBeforeReplace } = await planned(id, olds, news, settings);
      if (replaces.length > 0) noteReplacement(claimOf(id, olds, news));
      // A refresh compares the state with itself: what is merely due is no drift.
      const isProgram = checked.has(fingerprint(pick(news as Properties, inputNames)));
      const isReplacement = replaces.length > 0;
      const due = isProgram && !isReplacement ? await whatIsDue(id, olds, news, settings) : undefined;
      if (due !== undefined) notice(due);
      if (isProgram) {
        await resource.onPlan?.(
          { id, state: olds, inputs: news, settings, isReplacement, open },
          urnOf(news),
        );
      }
      if (
        !isReplacement &&
        (olds.incomplete !== undefined || (due !== undefined && effective.length === 0))
      ) {
        return { changes: true };
      }
      if (effective.length === 0) return { changes: false };
      // `changes` stays open, so that the engine itself compares, and shows, property by property.
      return { replaces, deleteBeforeReplace };
    },

    async create(inputs: Inputs): Promise<dynamic.CreateResult<Held>> {
      const session = await sessionFor(config);
      const urn = urnOf(inputs);
      await lookForLeftovers({ ...inputs, stackId: undefined }, session.settings);
      await loadRecordedNames(urn);
      const organization = projectOrganizationOf(inputs, session);
      const origin = async () => ({
        madeAt: now(),
        projectOrganization: await organization,
        stackId: stackIdFor(urn),
      });
      return recorded(inputs, session, origin, async () => {
        const { id, outputs } = await withNearName(session.api, () => resource.create(inputs, session, urn));
        noteCreation(id);
        const outs = toOuts(inputs, outputs, session, await origin());
        publishClaim(claimOf(id, outs));
        return { id, outs };
      });
    },

    async read(id: string, props: Held): Promise<{ id: string; props: object; inputs?: object }> {
      const isHeld = !isLookUp(props);
      if (!isHeld) engineActivity.isAtWork = true;
      const session = await sessionFor(config);
      if (isHeld) {
        await lookForLeftovers(props, session.settings);
        noteHeld(id, props, session.settings);
        noteClaim(claimOf(id, props));
        assertSameWorld(props, session.settings);
      }
      const organization = isHeld ? projectOrganizationOf(props, session) : undefined;
      const seen = await resource.read(id, props, session);
      if (seen === undefined) {
        // A look-up that answers "gone" would pass for a success.
        if (!isHeld) throw new Error(`${id} does not exist, as ${session.identity} sees it`);
        return { id: "", props: {} };
      }
      const incomplete = seen.incomplete ?? props.incomplete;
      const declared = pick(
        props,
        inputNames.filter((name) => !(name in seen.outputs)),
      );
      const inputs = { ...hidden(props), ...declared, ...seen.actual } as Partial<Inputs>;
      const { madeAt, stackId } = props;
      const origin = { madeAt, stackId, projectOrganization: await organization };
      const outs = toOuts(inputs, seen.outputs, session, origin);
      return { id: seen.id ?? id, props: clean({ ...outs, incomplete }), inputs: clean(inputs) };
    },

    async update(id: string, olds: Held, news: Inputs): Promise<dynamic.UpdateResult<Held>> {
      const session = await sessionFor(config);
      await lookForLeftovers(olds, session.settings);
      noteHeld(id, olds, session.settings);
      assertSameWorld(olds, session.settings);
      const { madeAt, stackId } = olds;
      const origin = { madeAt, stackId, projectOrganization: noteProjectOrganization(olds, session) };
      await planned(id, olds, news, session.settings);
      const same = () => Promise.resolve(origin);
      return recorded(news, session, same, async () => {
        const outputs = await resource.update(id, olds, news, session, urnOf(news));
        const outs = toOuts(news, outputs, session, origin);
        // The state tells the present URN from here on; for this deployment the life goes on under the one that it told before.
        noteClaim({ ...claimOf(id, outs), knownAs: urnOf(olds) });
        return { outs };
      });
    },

    async delete(id: string, props: Held): Promise<void> {
      const session = await sessionFor(config);
      await lookForLeftovers(props, session.settings);
      noteHeld(id, props, session.settings);
      assertSameWorld(props, session.settings);
      // Without a request: what the state has is all that can be told of a project that may be gone.
      noteProjectOrganization(props, session);
      const claim = claimOf(id, props);
      const departure = beginDeletion(claim);
      const isKept = async (...names: readonly string[]): Promise<boolean> => {
        const kept = await departure.otherHolder(names);
        if (kept !== undefined) notice(describeKept(names[0] ?? id, kept.urn, kept.holder.urn));
        return kept !== undefined;
      };
      try {
        await resource.delete(id, props, session, isKept);
      } catch (error) {
        departure.undo();
        throw error;
      }
    },
  };
  const explained = {
    ...provider,
    read: (id: string, props: Held) => {
      const read = () => provider.read(id, props);
      return isLookUp(props) ? read() : explainUnseen(urnOf(props), read);
    },
    update: (id: string, olds: Held, news: Inputs) =>
      explainUnseen(urnOf(news), () => provider.update(id, olds, news)),
    delete: (id: string, props: Held) => explainUnseen(urnOf(props), () => provider.delete(id, props)),
  };
  return withPlainErrors(explained, deadline) as unknown as dynamic.ResourceProvider<Inputs, Held>;

  /**
   * An operation whose result the engine records, even where it fails half-way. Pulumi's own mark of a half-made thing dies in a
   * refresh, so ours goes into the outputs.
   */
  async function recorded<T>(
    inputs: Inputs,
    session: Session,
    origin: () => Promise<Origin>,
    work: () => Promise<T>,
  ): Promise<T> {
    const urn = urnOf(inputs);
    try {
      const result = await work();
      await confirmRecorded(urn);
      return result;
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
      const { created, reason } = error as Incomplete<Outputs>;
      const { __provider } = inputs as Properties;
      const incomplete = shorten(redact(reason));
      const outs = toOuts(inputs, created.outputs, session, await origin());
      publishClaim(claimOf(created.id, outs));
      const properties = { ...outs, incomplete, __provider };
      await confirmRecorded(urn);
      throw partialFailure(created.id, properties, incomplete);
    } finally {
      endWork(urn);
    }
  }
}

/** Why a deletion has left a thing as it is. */
function describeKept(name: string, oldUrn: string, newUrn: string): string {
  const old = nameIn(oldUrn);
  return oldUrn === newUrn
    ? `kept ${name}: the resource that replaces "${old}" holds it`
    : `kept ${name}: "${nameIn(newUrn)}" has it too, so only Pulumi's record of "${old}" is deleted. If you rename or move a resource, ${adviceFor(oldUrn, newUrn)}, and nothing has to be taken over`;
}

/** The items that a question is not answered for with true. */
async function without<T>(
  items: readonly T[],
  isOut: (item: T) => Promise<boolean> | undefined,
): Promise<T[]> {
  const answers = await Promise.all(items.map(async (item) => await isOut(item)));
  return items.filter((_item, index) => answers[index] !== true);
}

/** How long what an earlier run made may answer 404, in units of the first retry. */
const newFor = 10;

const pick = (from: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

/** What Pulumi and our sdk send along unseen by the user, the provider's text aside: Pulumi keeps that itself. */
const notKept = new Set(["__provider", "__askedAs"]);
const hidden = (from: Properties): Properties =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name.startsWith("__") && !notKept.has(name)));

/** The time, by the server's clock. */
const now = (): string => new Date(serverNow()).toISOString();

const urnOf = (properties: object): string => {
  const { __urn } = properties as Properties;
  return typeof __urn === "string" ? __urn : "";
};

const isUnknown = (value: unknown): boolean => JSON.stringify(value ?? null).includes(unknown);

/** Equal as JSON; order of keys aside, for maps. */
function isEqual(left: unknown, right: unknown): boolean {
  if (left === right || (left ?? undefined) === (right ?? undefined)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isEqual((left as Properties)[key], (right as Properties)[key]));
}

/** The same for equal values, whatever the order of keys; no secret can be read from it. */
const fingerprint = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("base64");

const sorted = (value: unknown): unknown =>
  typeof value !== "object" || value === null
    ? value
    : Object.entries(value)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, each]) => [name, sorted(each)]);

/** Only what JSON can hold: anything else makes Pulumi fail after the thing was created. */
const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Pulumi calls nothing when the credentials move to another API, so the state remembers where it belongs. */
function assertSameWorld({ apiUrl }: Common, { apiUrl: current, from }: Settings): void {
  if ((apiUrl as string | undefined) === undefined || isSameApi(apiUrl, current)) return;
  throw new Error(
    `this resource lives in ${apiUrl}, but the settings name ${current}: set ${from.apiUrl} back, or use another stack for another API`,
  );
}

/** @param askedAs as whom this run's lookups asked, in the program's own process, whose environment may be another one */
function settingProblems(config: Config, askedAs: unknown): string[] {
  try {
    const { keyId, apiUrl, isExplicit } = settingsOf(config);
    if (typeof askedAs !== "string" || isExplicit) return [];
    const asked = JSON.parse(askedAs) as Partial<Settings>;
    if (asked.keyId === keyId && asked.apiUrl === apiUrl) return [];
    return [
      `the program's lookups asked ${asked.apiUrl} with key ${asked.keyId}, but its resources ask ${apiUrl} with key ${keyId}: the program's process does not see the environment variables of the engine, such as the envVars of an Automation API workspace. Set the same ones in process.env, or put the login into the stack's configuration`,
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Time for an operation where the settings, which are wrong then, name none; in milliseconds. */
const anyDeadline = 300_000;

function deadlineOf(config: Config): number {
  try {
    return settingsOf(config).deadline;
  } catch {
    return anyDeadline;
  }
}
