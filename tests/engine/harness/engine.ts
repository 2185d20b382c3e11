import {
  CommandError,
  LocalWorkspace,
  type Deployment,
  type OutputMap,
  type Stack,
} from "@pulumi/pulumi/automation";
import { engineEnvironment, storedState } from "./environment";
import { packedProject } from "./packed";
import { scratchFolder } from "./scratch";

/** Declares resources; what it returns, or resolves to, are the stack's outputs. */
export type Program = () => unknown;

/** A stack whose program is a function of the test. */
export interface InlineStack {
  /** The program of the next operation. */
  program: Program;
  /** Environment of the engine and the provider (the program runs in the test's own process); may be changed between operations. */
  readonly env: Record<string, string>;
  up(options?: Options & Refresh): Promise<Run>;
  preview(options?: Options & Refresh): Promise<Run>;
  /** `refresh --preview-only`: looks for drift, changes nothing. */
  previewRefresh(options?: Options): Promise<Run>;
  refresh(options?: Options): Promise<Run>;
  destroy(options?: Options): Promise<Run>;
  /** Values of the stack's outputs; secrets in clear. */
  outputs(): Promise<Record<string, unknown>>;
  /** The state; secrets in clear. */
  exportState(): Promise<Deployment>;
  /** The state as it is stored. */
  stateText(): string;
  /** Puts a state in place of the present one. */
  importState(state: Deployment): Promise<void>;
  setConfig(values: Record<string, string>, secrets?: Record<string, string>): Promise<void>;
}

interface Options {
  /** A proposed or made change is an error with exit code 7. */
  expectNoChanges?: boolean;
  /** URNs, the only ones to work on. */
  target?: string[];
  /** URNs to leave out. */
  exclude?: string[];
  /** URNs to replace although nothing has changed. */
  replace?: string[];
  /** How many resources at once. */
  parallel?: number;
  /** Lets the program run, so that its configuration is used, where it otherwise would not. */
  runProgram?: boolean;
}

interface Refresh {
  /** Looks at the cloud first. */
  refresh?: boolean;
}

/** What an operation did and printed. */
export interface Run {
  stdout: string;
  stderr: string;
  /** How many resources by operation, without those that stay the same: `{ create: 2 }`; `{}` where nothing changed. */
  changes: Record<string, number>;
}

/** An operation that failed, with what a person would have seen. */
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

/**
 * Makes an empty stack on a file backend of its own. The dynamic provider runs from the packed package; any number of stacks
 * may work at the same time. Operations that fail throw an {@link EngineFailure}.
 */
export async function stack(options: {
  program: Program;
  /** Such as `emulator.settings`. */
  env?: Record<string, string>;
  /** In clear, by full key such as `dt:email`. */
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
      // The provider's process starts in this folder and finds pulumi-dt from there.
      projectSettings: { name: "test", runtime: "nodejs", main: await packedProject() },
    },
  );
  const inline = new Inline(made, options.program, made.workspace.envVars);
  await inline.setConfig(options.config ?? {}, options.secrets);
  return inline;
}

class Inline implements InlineStack {
  constructor(
    private readonly made: Stack,
    public program: Program,
    readonly env: Record<string, string>,
  ) {}

  async up(options: Options & Refresh = {}): Promise<Run> {
    return run(async (watch) => {
      const { summary } = await this.made.up({ ...options, ...watch, program: running(this.program) });
      return summary.resourceChanges;
    });
  }

  preview(options: Options & Refresh = {}): Promise<Run> {
    return run(async (watch) => {
      const { changeSummary } = await this.made.preview({
        ...options,
        ...watch,
        program: running(this.program),
      });
      return changeSummary;
    });
  }

  previewRefresh(options: Options = {}): Promise<Run> {
    return run(async (watch) => {
      this.made.workspace.program = running(this.program);
      return (await this.made.previewRefresh({ ...options, ...watch })).changeSummary;
    });
  }

  refresh(options: Options = {}): Promise<Run> {
    return run(async (watch) => {
      this.made.workspace.program = running(this.program);
      return (await this.made.refresh({ ...options, ...watch })).summary.resourceChanges;
    });
  }

  destroy(options: Options = {}): Promise<Run> {
    return run(async (watch) => {
      this.made.workspace.program = running(this.program);
      return (await this.made.destroy({ ...options, ...watch })).summary.resourceChanges;
    });
  }

  async outputs(): Promise<Record<string, unknown>> {
    const outputs: OutputMap = await this.made.outputs();
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
}

async function run(operation: (watch: Watch) => Promise<Record<string, number> | undefined>): Promise<Run> {
  let [stdout, stderr, text] = ["", "", ""];
  const watch: Watch = {
    onOutput: (chunk) => ((stdout += chunk), (text += chunk)),
    onError: (chunk) => ((stderr += chunk), (text += chunk)),
  };
  try {
    const changes = { ...(await operation(watch)) };
    delete changes.same;
    return { stdout, stderr, changes };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const exitCode = /exit code (\d+)/.exec(error.message)?.[1];
    throw new EngineFailure(Number(exitCode ?? -1), text === "" ? error.message : text);
  }
}
