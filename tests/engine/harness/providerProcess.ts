import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { execa } from "execa";
import { createRequire } from "node:module";
import { join } from "node:path";
import { lazyLoading } from "../../lazy/nodeOptions";
import { packedProject } from "./packed";
import { call, toStruct, type Properties } from "./protocol";
import { resourceCalls, type ResourceCalls } from "./resourceCalls";
import { RUN_MARK, afterwards, scratchFolder } from "./scratch";
import "./environment";

/**
 * Pulumi's dynamic-provider process, started as the engine starts it. It uses the engine's own protocol,
 * without an engine.
 */
export interface ProviderProcess {
  readonly pid: number;
  /** The output so far. A user would see it. */
  readonly printed: string;
  /** The calls of one resource type. `handler` is its name in `provider/index.ts`, such as `serviceAccount`. */
  resource(handler: string): ResourceCalls;
  /** Like {@link resource}, with the test's own provider text. */
  resourceOf(providerText: string): ResourceCalls;
  /** Ends the process at once, as a crash would: running calls fail. Resolves when the process has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Shared by all processes of a test file, as by all processes of a user. */
let journal: string | undefined;
let home: string | undefined;

/**
 * Starts a provider process. This takes about half a second, nearly all of it Pulumi's own loading. One
 * process serves any number of resources and calls, in parallel or in sequence, but its environment and
 * configuration never change. It ends after the test file.
 *
 * @param options.env variables besides PATH, such as `emulator.settings`
 * @param options.config the stack's configuration, by full key such as `dt:email`; secrets in plaintext, as
 * the engine sends them
 * @param options.engine the engine's address that the provider receives; by default "none", which is not an address
 * @param options.folder the program's folder, from which `pulumi-dt` and Pulumi are resolved; by default the
 * packed project's
 */
export async function startProvider(
  options: {
    env?: Record<string, string>;
    config?: Record<string, string>;
    engine?: string;
    folder?: string;
  } = {},
): Promise<ProviderProcess> {
  const folder = options.folder ?? (await packedProject());
  const script = createRequire(join(folder, "index.js")).resolve(
    "@pulumi/pulumi/cmd/dynamic-provider/index.js",
  );
  const [markName = "", mark = ""] = RUN_MARK.split("=");
  // Starts node directly. The shell script that the engine uses would leave its child behind when killed.
  const child = execa(process.execPath, [script, options.engine ?? "none"], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      PULUMI_NODEJS_PROJECT: "test",
      NODE_OPTIONS: lazyLoading,
      // The provider asks Pulumi for the state. In this home nobody is logged in.
      PULUMI_HOME: (home ??= scratchFolder("pulumi-home")),
      [markName]: mark,
      DT_JOURNAL: (journal ??= scratchFolder("journal")),
      ...options.env,
    },
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} did not start`);
  let printed = "";
  child.all?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    void child.then(() => reject(new Error(`the provider process ended before it listened:\n${printed}`)));
  });
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
    client.close();
    child.kill(signal);
    await child;
  };
  afterwards(() => kill());

  const configure = new ConfigureRequest();
  configure.setArgs(toStruct(options.config ?? {}));
  await call((done) => client.configure(configure, done));
  return {
    pid,
    get printed() {
      // The first line is the port for the engine.
      return printed.slice(printed.indexOf("\n") + 1);
    },
    resource: (handler) =>
      resourceCalls(client, `exports.handler = () => require("pulumi-dt/provider").${handler};`),
    resourceOf: (providerText) => resourceCalls(client, providerText),
    kill,
  };
}

export type { Properties, ResourceCalls };
