import type { Settings } from "../api/http/settings.js";
import type { Session } from "../session/session.js";

/**
 * The effect of a changed input. `recreate` is a replacement that deletes the old thing first, because the two can't
 * exist at the same time. `ignore` means no effect: the input only matters when the resource is created.
 */
export type Change = "update" | "replace" | "recreate" | "ignore";

/**
 * Normalises one input. Gets `undefined` if the program leaves the input out.
 *
 * @throws InvalidInput
 */
export type Check<Value> = (value: unknown) => Value;

/**
 * Thrown by a check. The message continues a sentence that starts with the name of the input. It leaves the value out
 * if that may be secret.
 */
export class InvalidInput extends Error {}

/**
 * Finds the API name for what a user gives to an import, such as `PROJECT/EMAIL`. Gets API names, too.
 *
 * @throws InvalidInput that lists the forms that an id can have; Error if nothing is found
 */
export type ResolveId = (given: string, session: Session) => string | Promise<string>;

/** The properties that every state has in addition to inputs and outputs. */
export interface Common {
  /** Base URL of the API that the thing is in. The same name in another API is another thing. */
  readonly apiUrl: string;
  /**
   * The organization of the project that the thing is in, if known. Its list of projects proves that a project was
   * deleted. Absent for things outside a project, and in states of earlier versions.
   */
  readonly projectOrganization?: string;
  /**
   * When this provider created the thing, by the server's clock; RFC 3339. For a short time after that, a 404 does not
   * prove that the thing is gone. Absent in states of earlier versions.
   */
  readonly madeAt?: string | undefined;
  /**
   * An id that all resources of a stack share. It tells apart two stacks of the same name in different backends. Absent
   * in states of earlier versions.
   */
  readonly stackId?: string | undefined;
  /** Why the thing is not finished. The next update finishes it. A refresh keeps this, but loses Pulumi's own mark. */
  readonly incomplete?: string;
  /** When an update created the thing again, by the server's clock; RFC 3339. It counts instead of `madeAt`. */
  readonly grantedAt?: string | undefined;
}

/** The state of a resource in Pulumi: inputs, outputs, common properties. Outputs override inputs of the same name. */
export type State<Inputs extends object, Outputs extends object> = Omit<Inputs, keyof Outputs> &
  Outputs &
  Common;

/** A kind of thing in DT's cloud, with its operations. The adapter translates them to Pulumi's provider contract. */
export interface Resource<Inputs extends object, Outputs extends object> {
  readonly check: { readonly [K in keyof Inputs]-?: Check<Inputs[K]> };
  /**
   * Checks how the inputs fit together. Called only if every input is valid on its own and known.
   *
   * @returns what is wrong; undefined if nothing is
   */
  readonly checkTogether?: (inputs: Inputs) => string | undefined;
  /**
   * The existing or future thing that the inputs name, as a path in the API. Two resources that declare the same thing
   * would undo each other's work. Undefined if the inputs name none.
   */
  readonly declares?: (inputs: Inputs) => string | undefined;
  /** When the thing that the inputs name ends, as `expires` of the input checks. Undefined if it has no end. */
  readonly endsAt?: (inputs: Inputs) => string | undefined;
  readonly onChange: Readonly<Record<keyof Inputs, Change>>;
  /** Whether two values of an input have the same effect on a thing that exists. @default whether they are equal */
  readonly sameEffect?: { readonly [K in keyof Inputs]?: (old: unknown, present: Inputs[K]) => boolean };
  /** An output that only the cloud gives. If the state lacks it, a read is a lookup and not a refresh. */
  readonly computed: keyof Outputs & string;
  /** The outputs that users see, and which of them are secret. A state may hold further ones. */
  readonly outputs: { readonly [Name in keyof Outputs]?: "plain" | "secret" };
  /** The outputs that an update may change because inputs change. In a preview, all others keep their values. */
  readonly moves: (update: PlannedUpdate<Inputs, Outputs>) => readonly (keyof Outputs)[];
  readonly resolveId: ResolveId;
  /** The API names that a state accounts for. @default the id alone */
  readonly holds?: (id: string, state: State<Inputs, Outputs>) => readonly string[];
  /**
   * Whether the thing stays the same although an input changes that otherwise replaces it. Called only for a planned
   * replacement, because it asks the cloud.
   */
  readonly staysTheSame?: (
    input: keyof Inputs,
    change: PlannedChange<Inputs, Outputs> & Opening,
  ) => Promise<boolean>;
  /** Prints what `adopt` will adopt, in the preview of a creation. */
  readonly announceAdoption?: (inputs: Inputs, session: Session) => Promise<void>;
  /**
   * Called with the declared inputs if all are valid and known, in previews, too. Says what a creation will do because
   * of the date.
   *
   * @returns why the inputs are refused; undefined if they are not
   */
  readonly onDeclare?: (inputs: Inputs, context: Declaring) => Promise<string | undefined>;
  /** Decides from the state, the inputs and the date whether time alone makes an update necessary. */
  readonly whatIsDue?: (
    change: PlannedChange<Inputs, Outputs> & {
      /** The date that decides. Call it only if the date matters, because it may cost a request. */
      readonly date: () => Promise<Date>;
    },
  ) => Due<Outputs> | undefined | Promise<Due<Outputs> | undefined>;
  /** Inputs that `whatIsDue` does not need. It is called without them while they are unknown. All others must be known. */
  readonly dueWithout?: readonly (keyof Inputs)[];
  /**
   * Refuses a change that would lock out the user who runs it. Runs in previews, too. Asks the cloud only if the answer
   * is not known without it.
   *
   * @throws Error that says why the change is refused
   */
  readonly guardChange?: (change: PlannedChange<Inputs, Outputs> & Opening) => void | Promise<void>;

  /** Called with the declared inputs, in previews, too. May ask the API only for its time. `urn` as in `create`. */
  readonly onPlan?: (change: PlannedChange<Inputs, Outputs> & Opening, urn: string) => void | Promise<void>;

  /** @param urn the resource's Pulumi URN; empty if it is not known */
  create(inputs: Inputs, session: Session, urn: string): Promise<Created<Outputs>>;
  /**
   * Reads the thing from the cloud. In a lookup, `state` holds only the inputs.
   *
   * @param urn as in `create`
   * @returns undefined if the API proves that the thing is gone
   */
  read(
    id: string,
    state: State<Inputs, Outputs>,
    session: Session,
    urn: string,
  ): Promise<Seen<Inputs, Outputs> | undefined>;
  /** Changes the thing to match `inputs`, and finishes the work of an earlier run that left it incomplete. */
  update(
    id: string,
    state: State<Inputs, Outputs>,
    inputs: Inputs,
    session: Session,
    urn: string,
  ): Promise<Outputs>;
  /**
   * Deletes the thing. If the API proves that it is gone already, that is a success.
   *
   * @param isKept whether another resource of the deployment holds one of these API names. If so, prints a notice, and
   *   the thing must stay.
   */
  delete(
    id: string,
    state: State<Inputs, Outputs>,
    session: Session,
    isKept: (...names: readonly string[]) => Promise<boolean>,
  ): Promise<void>;
}

export interface Created<Outputs> {
  readonly id: string;
  readonly outputs: Outputs;
}

export interface Seen<Inputs, Outputs> {
  /** The new id, if the cloud has changed it. */
  readonly id?: string;
  /** The current values of those inputs that the cloud knows. */
  readonly actual: Partial<Inputs>;
  readonly outputs: Outputs;
  /** Why the thing needs an update. */
  readonly incomplete?: string;
}

/** Opens the session on demand, for code that does not always need one. */
export interface Opening {
  readonly open: () => Promise<Session>;
}

/** What a resource may ask about its declared inputs. */
export interface Declaring extends Opening {
  /** Whether the resource is not in the state yet. */
  readonly isNew: boolean;
  readonly settings: Settings;
}

export interface PlannedChange<Inputs extends object, Outputs extends object> {
  readonly id: string;
  readonly state: State<Inputs, Outputs>;
  readonly inputs: Inputs;
  readonly isReplacement: boolean;
  readonly settings: Settings;
}

export interface PlannedUpdate<Inputs extends object, Outputs extends object> {
  /** The inputs that differ from the state and have an effect. */
  readonly changed: readonly (keyof Inputs)[];
  readonly state: State<Inputs, Outputs>;
}

/** What an update does because it is time. */
export interface Due<Outputs> {
  /** In words for the user. */
  readonly reason: string;
  /** The outputs that it changes. */
  readonly moves: readonly (keyof Outputs)[];
}

/** Thrown when a thing exists but is not as declared. Pulumi records it, and the next update continues from there. */
export class Incomplete<Outputs> extends Error {
  constructor(
    readonly created: Created<Outputs>,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/**
 * Does the remaining work on a thing that was just created.
 *
 * @throws Incomplete if the work fails, so that Pulumi records the thing
 */
export async function finishCreation<Outputs, T>(
  created: Created<Outputs>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Incomplete(created, `created, but not finished: ${(error as Error).message}`);
  }
}
