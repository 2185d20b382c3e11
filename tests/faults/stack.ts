import type { Properties } from "../engine/harness/providerProcess";

/** As `provider/index.ts` names its handlers. */
export type Type = "serviceAccount" | "serviceAccountKey" | "projectRoleBinding" | "orgAdminBinding";

/** What the engine keeps of a resource. */
export interface Made {
  readonly type: Type;
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
  /** Of a partial failure: the next `up` updates because of it. */
  readonly initErrors?: readonly string[];
}

type Inputs = Properties | ((made: Readonly<Record<string, Pick<Made, "id" | "outs">>>) => Properties);
/** Resources by name, in the order in which they depend on each other. */
export type Program = Readonly<Record<string, readonly [type: Type, inputs: Inputs]>>;

/** How a run ended. */
export interface Run {
  /** What failed, in the words that a user would see; empty where nothing did. */
  readonly failure: string;
  /** What each resource went through. */
  readonly done: Readonly<Record<string, "create" | "update" | "replace" | "delete" | "same">>;
}

/** A stack, driven by the real engine or by what stands in for it. */
export interface Stack {
  /** The state, by name. */
  state: Record<string, Made>;
  /** What was replaced and is not deleted yet. */
  readonly condemned: readonly Made[];
  up(program: Program): Promise<Run>;
  /** Reads everything anew; what is gone is dropped from the state. */
  refresh(): Promise<Run>;
  /** As the engine's second Ctrl-C, an out-of-memory kill or a crash does. */
  killProvider(): Promise<void>;
  /** The CLI is killed: its provider lives on, and what was under way is not recorded. */
  killCli(): Promise<void>;
  /** The CLI will be killed as soon as this resource is made, before that is written to the state; where that can be done. */
  killCliAfter(name: string): void;
  /** The next run happens on another machine, with the same state and no journal. */
  moveAway(env?: Readonly<Record<string, string>>): void;
  /** The next run gets a process of its own, as every real one does; with these variables besides, from now on. */
  endRun(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Nothing more runs; processes that nobody will use again are ended. */
  end(): Promise<void>;
  /** All that was printed, wherever it ran. */
  printed(): Promise<string>;
  /** All that lies in the journal. */
  journalText(): string;
}
