import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { join } from "node:path";
import { pluginFolder } from "./packed";
import { providerCalls, type ProviderCalls } from "./pluginCalls";
import { pluginResource, type PluginResource } from "./pluginResource";
import { startServer } from "./serverProcess";

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

/** Starts a plugin. It ends after the test file. */
export async function startPlugin(options: Options = {}): Promise<PluginProcess> {
  const { engine, env } = options;
  const { client, written, ...server } = await startServer(
    join(await pluginFolder(), "pulumi-resource-disruptive"),
    { engine, env },
  );
  const calls = providerCalls(client);
  if (options.config !== undefined) {
    await calls.handshake(options.engine ?? "");
    await calls.configure(options.config, options.name);
  }
  return {
    ...calls,
    ...server,
    client,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    resource: (kind, name) => pluginResource(client, kind, name),
  };
}

/** A value that the engine marks as secret. */
export const secret = (value: unknown): Record<string, unknown> => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** Stands for a value that a preview does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
