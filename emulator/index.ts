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
  /** 0 for any free port. Default: the port stored in the `dataFile`, or any. */
  port?: number;
  /** The address to listen on, `127.0.0.1` by default. */
  host?: string;
  /** A JSON file that keeps the cloud between runs. Created if it does not exist. One emulator at a time can use it. */
  dataFile?: string;
  /** The initial content of the cloud. Ignored if the data file exists. */
  seed?: Seed;
  /** Answers 429 to requests above this rate. No limit by default. */
  rateLimit?: RateLimit;
  /** Delay of every answer, in milliseconds. */
  latencyMs?: number;
  /** How to answer the questions that Disruptive's public documentation leaves open: see {@link unknownsTable}. */
  unknowns?: Partial<Unknowns>;
  /** Receives a line for every request, without secrets. */
  log?: (line: string) => void;
  /** Receives problems that need attention, such as a full disk. Default: `process.emitWarning`. */
  warn?: (line: string) => void;
}

/** A running emulator of Disruptive's cloud. */
export interface Emulator {
  /** Base of the API: `http://127.0.0.1:PORT/v2` */
  readonly url: string;
  /** `http://127.0.0.1:PORT/oauth2/token` */
  readonly tokenEndpoint: string;
  /** The service account that administers the first organization. */
  readonly admin: AdminLogin;
  /** The environment variables that a client needs to log in as that account. */
  readonly settings: Settings;
  readonly cloud: Cloud;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly clock: Clock;
  /** The switches. A change applies from the next request. */
  readonly unknowns: Unknowns;
  /** Calls `callback` in the middle of matching requests, which wait for it. @returns a function that removes the hook */
  onRequest(hook: Hook, callback: HookCallback): () => void;
  /**
   * Restores the initial cloud, clock and unknowns, and clears requests, faults and hooks.
   * The settings stay valid.
   */
  reset(): void;
  /** Stops listening, sends the answers of finished changes, cuts other connections and writes the data file. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of Disruptive's cloud on a real socket.
 *
 * @example
 * const emulator = await startEmulator();
 * const project = emulator.cloud.projects.list()[0];
 * Object.assign(process.env, emulator.settings);
 * // …run the code under test…
 * await emulator.close();
 * @throws {Error} if the port is in use, or the data file or the seed is invalid
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
      instance.warn(`the emulator listens on ${host}: other machines can reach its API, but not its control`);
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
    // Finished changes are answered in this turn of the event loop. Wait for it before cutting connections.
    await setImmediate();
    server.closeAllConnections();
    await closed;
    // A client in this process notices its cut connections in the next turn, and does not reuse them.
    await setImmediate();
  }
}
