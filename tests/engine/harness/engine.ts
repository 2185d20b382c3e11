import {
  CommandError,
  LocalWorkspace,
  PulumiCommand,
  type Deployment,
  type EngineEvent,
  type OutputMap,
  type ProjectSettings,
  type Stack,
} from "@pulumi/pulumi/automation";
import { SECRETS_PROVIDER } from "../../standins/vault";
import { engineEnvironment, storedState } from "./environment";
import { packedProject, pluginFolder } from "./packed";
import { scratchFolder } from "./scratch";

/** Declares resources. The return value, or the value that it resolves to, becomes the stack's outputs. */
export type Program = () => unknown;

/** A stack whose program is a function of the test. */
export interface InlineStack {
  /** The program of the next operation. */
  program: Program;
  /**
   * The environment of the engine and the provider. The program runs in the test's own process. It may be
   * changed between operations.
   */
  readonly env: Record<string, string>;
  up(options?: Options & Refresh): Promise<Run>;
  preview(options?: Options & Refresh): Promise<Run>;
  /** `refresh --preview-only`: looks for drift, changes nothing. */
  previewRefresh(options?: Options): Promise<Run>;
  refresh(options?: Options): Promise<Run>;
  destroy(options?: Options): Promise<Run>;
  /** The values of the stack's outputs, with secrets in plaintext. */
  outputs(): Promise<Record<string, unknown>>;
  /** The state, with secrets in plaintext. */
  exportState(): Promise<Deployment>;
  /** The stored state, unchanged. */
  stateText(): string;
  /** Replaces the present state. */
  importState(state: Deployment): Promise<void>;
  setConfig(values: Record<string, string>, secrets?: Record<string, string>): Promise<void>;
}

interface Options {
  /** Makes a proposed or made change an error with exit code 7. */
  expectNoChanges?: boolean;
  /** The only URNs to work on. */
  target?: string[];
  /** URNs to leave out. */
  exclude?: string[];
  /** URNs to replace although nothing has changed. */
  replace?: string[];
  /** How many resources the engine handles at the same time. */
  parallel?: number;
  /** Runs the program, so that its configuration applies, where Pulumi would otherwise not run it. */
  runProgram?: boolean;
}

interface Refresh {
  /** Reads the cloud first. */
  refresh?: boolean;
}

/** The changes and the output of an operation. */
export interface Run {
  stdout: string;
  stderr: string;
  /** How many resources by operation, without unchanged ones: `{ create: 2 }`; `{}` if nothing changed. */
  changes: Record<string, number>;
  /** The events of the engine, with one line for each event, as in the stream of `pulumi preview --json`. */
  events: string;
}

/** An operation that failed, with the output that a person would see. */
export class EngineFailure extends Error {
  override name = "EngineFailure";
  constructor(
    /** The exit code of the `pulumi` command. */
    readonly exitCode: number,
    /** Everything that it printed. */
    readonly text: string,
  ) {
    super(`exit code ${exitCode}\n${text}`);
  }
}

let command: Promise<PulumiCommand> | undefined;

/**
 * Creates an empty stack on its own file backend. The dynamic provider runs from the packed package. Several
 * stacks may work at the same time. Operations that fail throw an {@link EngineFailure}.
 */
export async function stack(options: {
  program: Program;
  /** Such as `emulator.settings`. */
  env?: Record<string, string>;
  /** In plaintext, by full key such as `dt:email`. */
  config?: Record<string, string>;
  secrets?: Record<string, string>;
}): Promise<InlineStack> {
  const env = await engineEnvironment(scratchFolder("engine"), options.env);
  const made = await LocalWorkspace.createStack(
    { stackName: "test", projectName: "test", program: running(options.program) },
    {
      workDir: scratchFolder("workspace"),
      envVars: env,
      pulumiHome: env.PULUMI_HOME ?? "",
      pulumiCommand: await (command ??= PulumiCommand.get()),
      projectSettings: await projectSettings(),
      secretsProvider: SECRETS_PROVIDER,
      stackSettings: { test: { config: options.config ?? {} } },
    },
  );
  // After each operation the Automation API would run the CLI three more times, for results that we don't use.
  made.outputs = () => Promise.resolve({});
  made.info = () => Promise.resolve(undefined);
  const inline = new Inline(made, options.program, made.workspace.envVars);
  await inline.setConfig({}, options.secrets);
  return inline;
}

async function projectSettings(): Promise<ProjectSettings> {
  // Pulumi's type does not know `plugins`, but its CLI reads it.
  const plugins = { providers: [{ name: "disruptive", path: await pluginFolder() }] };
  // The provider's process starts in `main` and finds pulumi-dt from there.
  const settings = { name: "test", runtime: "nodejs", main: await packedProject(), plugins } as const;
  return settings;
}

class Inline implements InlineStack {
  constructor(
    private readonly made: Stack,
    public program: Program,
    readonly env: Record<string, string>,
  ) {}

  up(options: Options & Refresh = {}): Promise<Run> {
    return run((watch) => this.made.up({ ...options, ...watch, program: running(this.program) }));
  }

  preview(options: Options & Refresh = {}): Promise<Run> {
    return run((watch) => this.made.preview({ ...options, ...watch, program: running(this.program) }));
  }

  previewRefresh(options: Options = {}): Promise<Run> {
    this.made.workspace.program = running(this.program);
    return run((watch) => this.made.previewRefresh({ ...options, ...watch }));
  }

  refresh(options: Options = {}): Promise<Run> {
    this.made.workspace.program = running(this.program);
    return run((watch) => this.made.refresh({ ...options, ...watch }));
  }

  destroy(options: Options = {}): Promise<Run> {
    this.made.workspace.program = running(this.program);
    return run((watch) => this.made.destroy({ ...options, ...watch }));
  }

  async outputs(): Promise<Record<string, unknown>> {
    const outputs: OutputMap = await this.made.workspace.stackOutputs(this.made.name);
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
  }

  exportState(): Promise<Deployment> {
    return this.made.exportStack();
  }

  stateText(): string {
    return storedState(this.env);
  }

  importState(state: Deployment): Promise<void> {
    return this.made.importStack(state);
  }

  async setConfig(values: Record<string, string>, secrets: Record<string, string> = {}): Promise<void> {
    const plain = Object.entries(values).map(([key, value]) => [key, { value }]);
    const hidden = Object.entries(secrets).map(([key, value]) => [key, { value, secret: true }]);
    if (plain.length + hidden.length === 0) return;
    await this.made.setAllConfig(
      Object.fromEntries([...plain, ...hidden]) as Record<string, { value: string }>,
    );
  }
}

const running = (program: Program) => async () => (await program()) as Record<string, unknown> | undefined;

interface Watch {
  onOutput: (text: string) => void;
  onError: (text: string) => void;
  onEvent: (event: EngineEvent) => void;
}

async function run(operation: (watch: Watch) => Promise<unknown>): Promise<Run> {
  let [stdout, stderr, text] = ["", "", ""];
  let changes: Record<string, number> = {};
  const events: EngineEvent[] = [];
  const watch: Watch = {
    onOutput: (chunk) => ((stdout += chunk), (text += chunk)),
    onError: (chunk) => ((stderr += chunk), (text += chunk)),
    onEvent: (event) => {
      events.push(event);
      changes = { ...(event.summaryEvent?.resourceChanges ?? changes) };
    },
  };
  try {
    await operation(watch);
    delete changes.same;
    return {
      ...{ stdout, stderr, changes },
      events: events.map((event) => `${JSON.stringify(event)}\n`).join(""),
    };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const exitCode = /exit code (\d+)/.exec(error.message)?.[1];
    throw new EngineFailure(Number(exitCode ?? -1), text === "" ? error.message : text);
  }
}
