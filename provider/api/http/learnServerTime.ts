import { setTimeout } from "node:timers/promises";
import type { Api } from "./client.js";
import type { Login } from "./login.js";
import { isServerTimeKnown } from "./serverClock.js";

/** How long to wait for an answer, in milliseconds. If the server can't be reached, the local clock is used. */
const patience = 10_000;

let asked: Promise<unknown> | undefined;

/**
 * Makes sure that the server's time is known. Sends at most one request in each process: any answer has a `Date`
 * header. Never fails: if the server doesn't report its time, the local clock is used.
 */
export async function requestServerTime(api: Api, login: Login): Promise<void> {
  if (isServerTimeKnown()) return;
  asked ??= ask(api, login).catch(() => undefined);
  await Promise.race([asked, setTimeout(patience, undefined, { ref: false })]);
}

async function ask(api: Api, login: Login): Promise<void> {
  // The run needs a login anyway. A refusal reports the time, too.
  await login.authorization();
  if (isServerTimeKnown()) return;
  await api.get("projects", { searchParams: { pageSize: 1 }, retry: { limit: 0, calculateDelay: () => 0 } });
}
