import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Effect } from "../../../emulator";
import { connect, type Api } from "../../../provider/api/http/client";
import { ApiError } from "../../../provider/api/http/errors";
import type { Settings } from "../../../provider/api/http/settings";
import { readSettings } from "../../../provider/session/settings";
import { failureOf, startWorld, type World } from "../world";

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

/** The settings of a world's admin, with changes such as `{ "dt:auth": "basic" }`. */
export function settingsIn(world: World, changes: Readonly<Record<string, string>> = {}): Settings {
  const settings: Record<string, string> = { ...world.settingsOf(), ...changes };
  return readSettings((key) => settings[key], {});
}

/** Connects to a world as its admin, or with other settings. */
export const apiOf = (world: World, changes?: Readonly<Record<string, string>>): Promise<Api> =>
  connect(settingsIn(world, changes));

export const tokenRequests = (world: World) => world.requests.filter(({ path }) => path === "/oauth2/token");

export async function apiFailure(work: Promise<unknown>): Promise<ApiError> {
  const error = await failureOf(work);
  if (!(error instanceof ApiError)) throw error;
  return error;
}

/** Runs each API call in its own world. All calls fail at the same time, so that they wait in parallel. */
export async function inWorlds<T>(
  names: readonly T[],
  work: (name: T, world: World, api: Api) => Promise<void>,
): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const world = await startWorld();
      await work(name, world, await apiOf(world));
    }),
  );
}

export const html = "<html><body>Welcome to the proxy</body></html>";
export const respond = (status: number, body?: unknown): Effect => ({ kind: "respond", status, body });

/** A test's own server that counts its requests. */
export async function serve(answer: RequestListener) {
  let [requests, connections] = [0, 0];
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  server.on("connection", () => connections++);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    connections: () => connections,
    close: () => server.close(),
  };
}
