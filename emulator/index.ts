import "../files/node";
import type { Server } from "node:http";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "./cloud/clock";
import { CloudState } from "./cloud/cloudState";
import { type Cloud, outOfBandCloud } from "./cloud/outOfBand";
import type { AdminLogin } from "./cloud/resources";
import type { Faults } from "./faults/faults";
import type { RateLimit } from "./faults/rateLimiter";
import type { Hook, HookCallback } from "./faults/hooks";
import { EmulatorInstance, type Settings } from "./instance/emulatorInstance";
import type { RequestLog } from "./instance/requestLog";
import { applySeed } from "./seed/applySeed";
import { defaultSeed, type Seed } from "./seed/seed";
import { isReachableFromOutside, listen, originOf } from "./server/listen";
import { createEmulatorServer } from "./server/server";
import { DataFile } from "./storage/dataFile";
import { answerUnknowns, type Unknowns } from "./unknowns/unknowns";

export type { Cloud, Credentials, Shelf } from "./cloud/outOfBand";
export type { Clock } from "./cloud/clock";
export type { Hook, HookCallback } from "./faults/hooks";
export type { Settings } from "./instance/emulatorInstance";
export type { ActiveFault, Effect, Fault, Faults, Incoming, Match, Moment } from "./faults/faults";
export type { RateLimit } from "./faults/rateLimiter";
export type { RequestLog, RequestRecord } from "./instance/requestLog";
export type { Seed } from "./seed/seed";
export type { Unknowns } from "./unknowns/unknowns";
export { unknownsTable, withoutSwitch } from "./unknowns/unknownsTable";
export type {
  AdminLogin,
  Key,
  Mail,
  Member,
  Organization,
  Project,
  ServiceAccount,
  User,
} from "./cloud/resources";

export interface EmulatorOptions {
  /** By default the port of last time, where there is a `dataFile`, or else any free one; 0 is any. */
  port?: number;
  /** `127.0.0.1` by default. */
  host?: string;
  /** A JSON file that keeps the cloud between runs, for one emulator at a time; made where there is none. */
  dataFile?: string;
  /** What the cloud holds at first; of no account where the data file exists. */
  seed?: Seed;
  /** Answers 429 to whoever asks more often. Off by default. */
  rateLimit?: RateLimit;
  /** Delay of every answer, in milliseconds. */
  latencyMs?: number;
  /** How to answer what Disruptive's public sources leave open: see {@link unknownsTable}. */
  unknowns?: Partial<Unknowns>;
  /** Told of every request, in a line without secrets. */
  log?: (line: string) => void;
  /** Told of what somebody should look at, such as a disk that is full; a warning of the process by default. */
  warn?: (line: string) => void;
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
  /**
   * Puts the cloud, the clock and the unknowns back to how they were at the start, and forgets requests, faults and
   * hooks. The settings hold on.
   */
  reset(): void;
  /** Stops listening, answers what is done, cuts what is open, saves. */
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
  const { log = () => undefined, rateLimit } = options;
  const warn = options.warn ?? ((line: string) => process.emitWarning(line));
  const cloud = new CloudState(answerUnknowns(options.unknowns));
  const instance = new EmulatorInstance(cloud, { log, warn }, rateLimit);
  instance.latencyMs = options.latencyMs ?? 0;
  const { dataFile: path } = options;
  const dataFile = path === undefined ? undefined : await DataFile.open(path, cloud);
  instance.dataFile = dataFile;
  const server = createEmulatorServer(instance);
  try {
    if (dataFile?.port === undefined) applySeed(cloud, options.seed ?? defaultSeed);
    cloud.markAllPropagated();
    instance.saveInitialState();
    const host = options.host || "127.0.0.1";
    const port = await listen(server, host, options.port ?? dataFile?.port ?? 0);
    instance.origin = originOf(host, port);
    if (isReachableFromOutside(server))
      instance.warn(
        `the emulator listens on ${host}: other machines can reach its API, though not its control`,
      );
    dataFile?.setAddress(instance.origin, port);
    await dataFile?.flush();
  } catch (error) {
    await close(instance, server).catch(() => undefined);
    throw error;
  }
  return emulator(instance, server);
}

function emulator(instance: EmulatorInstance, server: Server): Emulator {
  const { cloud, requests, faults, settings } = instance;
  const { admin } = cloud;
  if (!admin) throw new Error("the cloud has no admin account");
  return {
    url: settings.DT_API_URL,
    tokenEndpoint: settings.DT_OIDC_TOKEN_ENDPOINT,
    admin,
    settings,
    cloud: outOfBandCloud(cloud),
    requests,
    faults,
    clock: cloud.clock,
    unknowns: cloud.unknowns,
    onRequest: (hook, callback) => instance.hooks.add(hook, callback),
    reset: () => instance.reset(),
    close: () => close(instance, server),
  };
}

async function close(instance: EmulatorInstance, server: Server): Promise<void> {
  instance.beginClose();
  const closed = new Promise((resolve) => server.close(resolve));
  try {
    await instance.dataFile?.close();
  } finally {
    // What was stored is answered first: those answers are written in this turn of the event loop.
    await setImmediate();
    server.closeAllConnections();
    await closed;
    // A client in this process sees in the next turn that its connections are gone, and does not use them again.
    await setImmediate();
  }
}
