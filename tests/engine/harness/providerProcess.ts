import { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packedProject } from "./packed";
import { call, toStruct, type Properties } from "./protocol";
import { resourceCalls, type ResourceCalls } from "./resourceCalls";
import { startServer } from "./serverProcess";

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
  const { client, written, pid, kill } = await startServer(script, {
    engine: options.engine,
    cwd: folder,
    env: { PULUMI_NODEJS_PROJECT: "test", ...options.env },
  });

  const configure = new ConfigureRequest();
  configure.setArgs(toStruct(options.config ?? {}));
  await call((done) => client.configure(configure, done));
  return {
    pid,
    get printed() {
      // The first line is the port for the engine.
      return written.all.slice(written.all.indexOf("\n") + 1);
    },
    resource: (handler) =>
      resourceCalls(client, `exports.handler = () => require("pulumi-dt/provider").${handler};`),
    resourceOf: (providerText) => resourceCalls(client, providerText),
    kill,
  };
}

export type { Properties, ResourceCalls };
