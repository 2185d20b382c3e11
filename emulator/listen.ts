import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";

/** @returns the port @throws {Error} saying what to do where the port is taken */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "EADDRINUSE" ? taken(host, port, error) : error),
    );
    server.listen(port, host, done);
  });
  return (server.address() as AddressInfo).port;
}

/** `http://127.0.0.1:8080` */
export const originOf = (host: string, port: number): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

const taken = (host: string, port: number, cause: Error): Error =>
  new Error(
    `port ${port} of ${host} is taken: free it, or choose another with --port (in code: the option port; 0 is any). ` +
      `What was made at the old address knows the emulator by it.`,
    { cause },
  );

/**
 * Two emulators on one data file would overwrite each other's world, so the one that is there is asked for.
 * @throws {Error} naming where the file is served
 */
export async function refuseSecond(dataFile: string, origin: string): Promise<void> {
  const status = await fetch(`${origin}/_emulator`, { signal: AbortSignal.timeout(1000) })
    .then((response) => response.json())
    .catch(() => undefined);
  if (isRecord(status) && status["dataFile"] === resolve(dataFile))
    throw new Error(`${dataFile} is served by the emulator at ${origin} already: use that one, or end it`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
