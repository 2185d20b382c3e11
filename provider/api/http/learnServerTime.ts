import { setTimeout } from "node:timers/promises";
import type { Api } from "./client.js";
import type { Login } from "./login.js";
import { isServerTimeKnown } from "./serverClock.js";

/** How long to wait for an answer, in milliseconds: the local clock serves where the server can't be reached. */
const patience = 10_000;

let asked: Promise<unknown> | undefined;

/**
 * Makes sure that the server's time is known, with one request at most in a process: any answer has a `Date` header. Never fails:
 * where no server tells the time, the local clock serves.
 */
export async function requestServerTime(api: Api, login: Login): Promise<void> {
  if (isServerTimeKnown()) return;
  asked ??= ask(api, login).catch(() => undefined);
  await Promise.race([asked, setTimeout(patience, undefined, { ref: false })]);
}

async function ask(api: Api, login: Login): Promise<void> {
  // The run needs a login anyway. A refusal tells the time, too.
  await login.authorization();
  if (isServerTimeKnown()) return;
  await api.get("projects", { searchParams: { pageSize: 1 }, retry: { limit: 0, calculateDelay: () => 0 } });
}
