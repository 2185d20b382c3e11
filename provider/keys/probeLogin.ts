import { setTimeout } from "node:timers/promises";
import { canLogIn } from "../api/http/login.js";
import type { Settings } from "../api/http/settings.js";

/**
 * Whether a key logs in, given the time that a new one may need until it is known everywhere.
 *
 * @param settings those of this run, with the key that is to be tried
 * @throws ApiError when it can't be tried.
 */
export async function probeLogin(settings: Settings): Promise<boolean> {
  for (const wait of patience) {
    if (await canLogIn(settings)) return true;
    await setTimeout(wait * settings.retryDelay);
  }
  return canLogIn(settings);
}

/** How long to wait between tries, in units of the first retry. */
const patience = [1, 2, 4, 8];
