import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { engine } from "./deployment.js";

/** How long to wait until the engine accepts a connection on this machine, in milliseconds. */
const patience = 2000;

let look: Promise<boolean> | undefined;

/**
 * Whether the engine that started this process still runs, and so can record results. A provider outlives a killed CLI
 * and continues its work. Pulumi gives each provider the address of its engine. Without an address, the engine counts
 * as running. Concurrent callers, such as the items of a batch, share one check, which begins after they asked.
 */
export const isEngineThere = (): Promise<boolean> =>
  (look ??= setImmediate().then(() => {
    look = undefined;
    return canBeReached(engine());
  }));

function canBeReached(address: string): Promise<boolean> {
  const [, host, port] = /^(?:tcp:\/\/)?(127\.0\.0\.1|localhost|\[::1\]):(\d+)$/.exec(address) ?? [];
  if (host === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/[[\]]/g, ""), port: Number(port), timeout: patience });
    const finish = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => finish(true));
    // Only a refused connection proves that the engine has ended.
    socket.once("error", ({ code }: NodeJS.ErrnoException) => finish(code !== "ECONNREFUSED"));
    socket.once("timeout", () => finish(true));
  });
}
