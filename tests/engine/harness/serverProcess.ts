import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { execa } from "execa";
import { lazyLoading } from "../../lazy/nodeOptions";
import { withoutStacks } from "../../standins/pulumiWithoutStacks";
import { packedProject } from "./packed";
import { RUN_MARK, afterwards, scratchFolder } from "./scratch";
import "./environment";

/** A process that serves Pulumi's provider protocol, started as the engine starts it, without an engine. */
export interface ServerProcess {
  readonly pid: number;
  readonly client: ResourceProviderClient;
  /** The output so far: both streams in their order, and each by itself. The first line on stdout is the port. */
  readonly written: { readonly all: string; readonly stdout: string; readonly stderr: string };
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** Ends the process at once, as a crash would: running calls fail. Resolves when the process has ended. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
}

interface Options {
  /** The engine's address that it receives. By default "none", which is not an address. */
  readonly engine?: string | undefined;
  readonly cwd?: string;
  /** Variables besides those that every process needs. */
  readonly env?: Record<string, string> | undefined;
}

/** Shared by all processes of a test file, as by all processes of a user. */
let journal: string | undefined;
let home: string | undefined;

/**
 * Starts a server. It ends after the test file.
 *
 * @param script the JavaScript file. It runs in node directly: a shell script would leave its child behind when killed
 */
export async function startServer(
  script: string,
  { engine = "none", cwd, env }: Options,
): Promise<ServerProcess> {
  const [markName = "", mark = ""] = RUN_MARK.split("=");
  const child = execa(process.execPath, [script, engine], {
    ...(cwd === undefined ? {} : { cwd }),
    env: {
      PATH: withoutStacks(),
      NODE_OPTIONS: lazyLoading,
      TEST_PACKED_PROJECT: await packedProject(),
      // A test may put the real Pulumi on PATH. In this home nobody is logged in.
      PULUMI_HOME: (home ??= scratchFolder("pulumi-home")),
      [markName]: mark,
      DT_JOURNAL: (journal ??= scratchFolder("journal")),
      ...env,
    },
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} did not start`);
  const written = { all: "", stdout: "", stderr: "" };
  for (const stream of ["all", "stdout", "stderr"] as const)
    child[stream]?.on("data", (chunk: Buffer) => (written[stream] += chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    void child.then(() => reject(new Error(`${script} ended before it listened:\n${written.all}`)));
  });
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    client.close();
    child.kill(signal);
    await child;
  };
  afterwards(() => kill());
  return { pid, client, written, ended: child.then(() => undefined), kill };
}
