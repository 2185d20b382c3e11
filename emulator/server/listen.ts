import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Starts to listen. @returns the port @throws {Error} saying what to do if the port is in use */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "EADDRINUSE" ? portInUseError(host, port, error) : error),
    );
    server.listen(port, host, done);
  });
  return (server.address() as AddressInfo).port;
}

/** `http://127.0.0.1:8080` */
export const originOf = (host: string, port: number): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

const portInUseError = (host: string, port: number, cause: Error): Error =>
  new Error(
    `port ${port} of ${host} is in use: free it, or choose another with --port (in code: the option port; 0 for any). ` +
      `Pulumi states created at the old address still point to it.`,
    { cause },
  );

/** Whether other machines can reach a server that listens. */
export function isReachableFromOutside(server: Server): boolean {
  const { address } = server.address() as AddressInfo;
  return !/^(::ffff:)?127\.|^::1$/.test(address);
}
