import "../files/node";
import type { Server } from "node:http";
import { resolve } from "node:path";
import { type Cloud, cloudOf } from "./cloud";
import type { Clock } from "./clock";
import { DataFile } from "./dataFile";
import { Emulation, type Hook, type HookCallback, type Settings } from "./emulation";
import type { Faults } from "./faults";
import { listen, originOf, refuseSecond } from "./listen";
import { RateLimiter, type RateLimit } from "./rateLimit";
import type { RequestLog } from "./requestLog";
import { plant } from "./plant";
import { defaultSeed, type Seed } from "./seed";
import { createEmulatorServer } from "./server";
import { answerUnknowns, type Unknowns } from "./unknowns";
import type { AdminLogin } from "./things";
import { World } from "./world";

export type { Cloud, Credentials, Shelf } from "./cloud";
export type { Clock } from "./clock";
export type { Hook, HookCallback, Settings } from "./emulation";
export type { ActiveFault, Effect, Fault, Faults, Incoming, Match, Moment } from "./faults";
export type { RateLimit } from "./rateLimit";
export type { RequestLog, RequestRecord } from "./requestLog";
export type { Seed } from "./seed";
export type { Unknowns } from "./unknowns";
export { unknownsTable, withoutSwitch } from "./unknownsTable";
export type { AdminLogin, Key, Mail, Member, Organization, Project, ServiceAccount, User } from "./things";

export interface EmulatorOptions {
  /** By default the port of last time, where there is a `dataFile`, or else any free one; 0 is any. */
  port?: number;
  /** `127.0.0.1` by default. */
  host?: string;
  /** A JSON file that keeps the world between runs; made where there is none. Nothing is kept without it. */
  dataFile?: string;
  /** What the world holds at first; of no account where the data file exists. */
  seed?: Seed;
  /** Answers 429 to whoever asks more often. Off by default. */
  rateLimit?: RateLimit;
  /** Delay of every answer, in milliseconds. */
  latencyMs?: number;
  /** How to answer what Disruptive's public sources leave open: see `unknownsTable.ts`. */
  unknowns?: Partial<Unknowns>;
  /** Told of every request, in a line without secrets. */
  log?: (line: string) => void;
}

/** A running emulator of Disruptive's cloud. */
export interface Emulator {
  /** Base of the API: `http://127.0.0.1:PORT/v2` */
  readonly url: string;
  /** `http://127.0.0.1:PORT/oauth2/token` */
  readonly tokenEndpoint: string;
  /** A service account that administers the first organization. */
  readonly admin: AdminLogin;
  /** What a client needs to run as that account, by the environment variables that it reads. */
  readonly settings: Settings;
  readonly cloud: Cloud;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly clock: Clock;
  /** Changing one changes the next answer. */
  readonly unknowns: Unknowns;
  /** Calls back in the middle of matching requests, which wait for it. @returns a function that ends this */
  onRequest(hook: Hook, callback: HookCallback): () => void;
  /** Stops listening, cuts what is open, saves. */
  close(): Promise<void>;
}

/**
 * Starts a cloud of one's own on a real socket.
 *
 * @example
 * const emulator = await startEmulator();
 * const project = emulator.cloud.projects.list()[0];
 * Object.assign(process.env, emulator.settings);
 * // …run what is to be tested…
 * await emulator.close();
 * @throws {Error} where the port is taken, or the data file or the seed is not right
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = new World(answerUnknowns(options.unknowns));
  const emulation = new Emulation(world, options.log ?? (() => undefined));
  emulation.latencyMs = options.latencyMs ?? 0;
  if (options.rateLimit) emulation.rateLimiter = new RateLimiter(options.rateLimit);
  const dataFile =
    options.dataFile === undefined ? undefined : new DataFile(resolve(options.dataFile), world);
  emulation.dataFile = dataFile;
  const host = options.host ?? "127.0.0.1";
  const saved = dataFile?.load();
  if (dataFile && saved) await refuseSecond(dataFile.path, originOf(host, saved.port));
  if (!saved) plant(world, options.seed ?? defaultSeed);
  world.settle();
  const server = createEmulatorServer(emulation);
  const port = await listen(server, host, options.port ?? saved?.port ?? 0);
  emulation.origin = originOf(host, port);
  dataFile?.rememberPort(port);
  const started = emulator(emulation, server);
  await dataFile?.flush().catch(async (error: unknown) => {
    await started.close().catch(() => undefined);
    throw error;
  });
  return started;
}

function emulator(emulation: Emulation, server: Server): Emulator {
  const { world, requests, faults, settings } = emulation;
  const { admin } = world;
  if (!admin) throw new Error("the data file names no admin account");
  return {
    url: settings.DT_API_URL,
    tokenEndpoint: settings.DT_OIDC_TOKEN_ENDPOINT,
    admin,
    settings,
    cloud: cloudOf(world),
    requests,
    faults,
    clock: world.clock,
    unknowns: world.unknowns,
    onRequest: (hook, callback) => emulation.addHook(hook, callback),
    close: async () => {
      emulation.end();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await emulation.dataFile?.flush();
    },
  };
}
