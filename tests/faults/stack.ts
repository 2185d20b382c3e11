import type { Properties } from "../engine/harness/providerProcess";

/** Names of the handlers in `provider/index.ts`. */
export type Type =
  "project" | "serviceAccount" | "serviceAccountKey" | "projectRoleBinding" | "orgAdminBinding";

/** The engine's record of a resource. */
export interface Made {
  readonly type: Type;
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
  /** The errors of a partial failure. Because of them the next `up` updates the resource. */
  readonly initErrors?: readonly string[];
}

type Inputs = Properties | ((made: Readonly<Record<string, Pick<Made, "id" | "outs">>>) => Properties);
/** Resources by name, in the order in which they depend on each other. */
export type Program = Readonly<Record<string, readonly [type: Type, inputs: Inputs]>>;

/** The result of a run. */
export interface Run {
  /** The text of the failures that a user would see; "" if nothing failed. */
  readonly failure: string;
  /** The operations on each resource. */
  readonly done: Readonly<Record<string, "create" | "update" | "replace" | "delete" | "same">>;
}

/** A stack, run by the real engine or by a stand-in for it. */
export interface Stack {
  /** The state, by name. */
  state: Record<string, Made>;
  /** Replaced resources that are not deleted yet. */
  readonly condemned: readonly Made[];
  up(program: Program): Promise<Run>;
  /** Reads everything again. Drops deleted resources from the state. */
  refresh(): Promise<Run>;
  /** Kills the provider, like the engine's second Ctrl-C, an out-of-memory kill or a crash. */
  killProvider(): Promise<void>;
  /** Kills the CLI. Its provider keeps running, and running calls are not recorded. */
  killCli(): Promise<void>;
  /** Kills the CLI as soon as this resource is created, before the state records it. Only where possible. */
  killCliAfter(name: string): void;
  /** The next run happens on another machine, with the same state and no journal. */
  moveAway(env?: Readonly<Record<string, string>>): void;
  /** Starts the next run in its own process, as real runs do. Adds these variables from now on. */
  endRun(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends all processes. Nothing runs afterwards. */
  end(): Promise<void>;
  /** Everything that was printed, on all machines. */
  printed(): Promise<string>;
  /** Everything in the journal. */
  journalText(): string;
}
