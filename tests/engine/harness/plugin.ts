import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { execa } from "execa";
import { join } from "node:path";
import { lazyLoading } from "../../lazy/nodeOptions";
import { pluginFolder } from "./packed";
import { providerCalls, type ProviderCalls } from "./pluginCalls";
import { pluginResource, type PluginResource } from "./pluginResource";
import { RUN_MARK, afterwards, scratchFolder } from "./scratch";
import "./environment";

/** The provider plugin, started as the engine starts it. It uses the engine's own protocol, without an engine. */
export interface PluginProcess extends ProviderCalls {
  readonly pid: number;
  /** Everything on standard output so far. The engine reads the port from the first line, and shows nothing of it. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** The calls about one resource, such as a `ServiceAccount` with the name `erp`. */
  resource(kind: string, name?: string): PluginResource;
  /** The calls that the plugin may not serve. */
  readonly client: ResourceProviderClient;
  /** Ends the process at once, as a crash would: running calls fail. Resolves when the process has ended. */
  kill(): Promise<void>;
}

interface Options {
  /** Variables besides PATH, such as `emulator.settings`. */
  env?: Record<string, string>;
  /** The address of the engine, in the arguments. By default "none", which is not an address. */
  engine?: string;
  /** The configuration of the provider. If it is undefined, the test must call `configure`. */
  config?: Record<string, unknown>;
  /** The name of the provider. By default, it is the default provider. */
  name?: string;
}

/** Shared by all processes of a test file, as by all processes of a user. */
let journal: string | undefined;
let home: string | undefined;

/** Starts a plugin. It ends after the test file. */
export async function startPlugin(options: Options = {}): Promise<PluginProcess> {
  const executable = join(await pluginFolder(), "pulumi-resource-disruptive");
  const [markName = "", mark = ""] = RUN_MARK.split("=");
  const child = execa(process.execPath, [executable, options.engine ?? "none"], {
    env: {
      PATH: process.env.PATH ?? "",
      NODE_OPTIONS: lazyLoading,
      // The provider asks Pulumi for the state. In this home nobody is logged in.
      PULUMI_HOME: (home ??= scratchFolder("pulumi-home")),
      [markName]: mark,
      DT_JOURNAL: (journal ??= scratchFolder("journal")),
      ...options.env,
    },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${executable} did not start`);
  const written = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (written.stderr += chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    void child.then(() => reject(new Error(`the plugin ended before it listened:\n${written.stderr}`)));
  });
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const kill = async () => {
    client.close();
    child.kill("SIGKILL");
    await child;
  };
  afterwards(kill);

  const calls = providerCalls(client);
  if (options.config !== undefined) {
    await calls.handshake(options.engine ?? "");
    await calls.configure(options.config, options.name);
  }
  return {
    ...calls,
    pid,
    client,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    ended: child.then(() => undefined),
    resource: (kind, name) => pluginResource(client, kind, name),
    kill,
  };
}

/** A value that the engine marks as secret. */
export const secret = (value: unknown): Record<string, unknown> => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** Stands for a value that a preview does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
