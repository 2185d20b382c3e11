import type { Settings } from "../api/http/settings.js";
import type { Session } from "../session/session.js";

/**
 * What a changed input leads to. `recreate` is a replacement that takes the old one away first, since it holds the new one's place.
 * `ignore`: nothing at all; the input only matters when the resource is created.
 */
export type Change = "update" | "replace" | "recreate" | "ignore";

/** Normalises one input, or throws `InvalidInput`. Gets `undefined` when the program says nothing. */
export type Check<Value> = (value: unknown) => Value;

/** Thrown by a check: a sentence that goes on from the input's name, without the value where that may be secret. */
export class InvalidInput extends Error {}

/** What every state holds beside inputs and outputs. */
export interface Common {
  /** Base URL of the API that the thing lives in: the same name elsewhere is another thing. */
  readonly apiUrl: string;
  /**
   * The organization of the project that the thing is in, where that is known: should the project be deleted, its organization's list
   * proves it. Absent for things that are in no project, and in states of earlier versions.
   */
  readonly projectOrganization?: string;
  /** When we made it, by the server's clock; RFC 3339. States of earlier versions have none. Soon after, a 404 is no proof that it is gone. */
  readonly madeAt?: string | undefined;
  /**
   * An id that the resources of one stack share: two backends may each have a stack of one name. States of earlier versions have none.
   */
  readonly stackId?: string | undefined;
  /** Why the thing is not finished yet; the next update finishes it. A refresh keeps it, unlike Pulumi's own mark. */
  readonly incomplete?: string;
}

/** What Pulumi keeps of a resource: its inputs, its outputs (which win where both have a name), and what all have. */
export type State<Inputs extends object, Outputs extends object> = Omit<Inputs, keyof Outputs> &
  Outputs &
  Common;

/** A kind of thing in DT's cloud and its life. All that Pulumi adds is the adapter's. */
export interface Resource<Inputs extends object, Outputs extends object> {
  readonly check: { readonly [K in keyof Inputs]-?: Check<Inputs[K]> };
  /** Says what is wrong with inputs that are each right, and all known; undefined when nothing is. */
  readonly checkTogether?: (inputs: Inputs) => string | undefined;
  readonly onChange: Readonly<Record<keyof Inputs, Change>>;
  /** An output that only the cloud gives; its absence tells a look-up from a refresh. */
  readonly computed: keyof Outputs & string;
  /** The names that a state accounts for, as the API has them; its id alone where this is left out. */
  readonly holds?: (id: string, state: State<Inputs, Outputs>) => readonly string[];
  /**
   * Whether the thing stays the same although an input changes that otherwise replaces it. Asks the cloud, so it is called only where
   * a replacement is planned.
   */
  readonly staysTheSame?: (
    input: keyof Inputs,
    change: PlannedChange<Inputs, Outputs> & Opening,
  ) => Promise<boolean>;
  /** Says, in the preview of a creation with `adopt`, what will be adopted. */
  readonly announceAdoption?: (inputs: Inputs, session: Session) => Promise<void>;
  /** What time alone makes necessary, in words for the user; undefined when nothing is. Decided by state, inputs and date. */
  readonly isDue?: (
    change: PlannedChange<Inputs, Outputs> & {
      /** The date that decides. Asked for only where it matters, since it may cost a request. */
      readonly date: () => Promise<Date>;
    },
  ) => string | undefined | Promise<string | undefined>;
  /** Inputs that `isDue` is asked without while they are not known yet. Where another one is not known, it is not asked. */
  readonly dueWithout?: readonly (keyof Inputs)[];
  /** Refuses, in preview too, a change that would cut off those who run it. Asks the cloud only where nothing else tells. */
  readonly guardChange?: (change: PlannedChange<Inputs, Outputs> & Opening) => void | Promise<void>;

  /** Told, in preview too, how a program wants the thing to be; asks for nothing but the time. `urn` as in `create`. */
  readonly onPlan?: (change: PlannedChange<Inputs, Outputs> & Opening, urn: string) => void | Promise<void>;

  /** @param urn which resource of which stack this is, as Pulumi names it; empty when that is not known. */
  create(inputs: Inputs, session: Session, urn: string): Promise<Created<Outputs>>;
  /**
   * The thing as it is; undefined when it is proven gone.
   * `state` holds only the inputs when a program looks a thing up.
   */
  read(
    id: string,
    state: State<Inputs, Outputs>,
    session: Session,
  ): Promise<Seen<Inputs, Outputs> | undefined>;
  /** Brings the thing to `inputs`, and finishes what an earlier run left incomplete. */
  update(
    id: string,
    state: State<Inputs, Outputs>,
    inputs: Inputs,
    session: Session,
    urn: string,
  ): Promise<Outputs>;
  /**
   * Takes the thing away; its proven absence is success.
   *
   * @param isKept whether another resource of the deployment holds one of these things, by their API names; the user is told. Then it stays.
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
  /** Where the cloud has given it another one meanwhile. */
  readonly id?: string;
  /** The inputs that the cloud can tell, as they are there now. */
  readonly actual: Partial<Inputs>;
  readonly outputs: Outputs;
  /** What only an update can mend. */
  readonly incomplete?: string;
}

/** A way to the session for what needs one only at times. */
export interface Opening {
  readonly open: () => Promise<Session>;
}

export interface PlannedChange<Inputs extends object, Outputs extends object> {
  readonly id: string;
  readonly state: State<Inputs, Outputs>;
  readonly inputs: Inputs;
  readonly isReplacement: boolean;
  readonly settings: Settings;
}

/** Thrown when a thing exists but is not as declared: it is recorded, and the next update goes on from there. */
export class Incomplete<Outputs> extends Error {
  constructor(
    readonly created: Created<Outputs>,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Does what is left to do on a thing that was created already. Where it fails, the thing is recorded as incomplete. */
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
