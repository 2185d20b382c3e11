import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";

/** Longest wait for the engine to take a connection on this machine, in milliseconds. */
const patience = 2000;

let look: Promise<boolean> | undefined;

/**
 * Whether the engine that started this process still runs, and so can record what it is told. A provider outlives a killed CLI, and
 * goes on with what it was doing. Pulumi gives each provider the address of its engine; where there is none, the engine counts as there.
 * Those who ask at once, as a batch does, share one look, which begins after they asked.
 */
export const isEngineThere = (): Promise<boolean> =>
  (look ??= setImmediate().then(() => {
    look = undefined;
    return canBeReached(process.argv[2] ?? "");
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
    // Anything but a plain refusal proves nothing.
    socket.once("error", ({ code }: NodeJS.ErrnoException) => finish(code !== "ECONNREFUSED"));
    socket.once("timeout", () => finish(true));
  });
}
