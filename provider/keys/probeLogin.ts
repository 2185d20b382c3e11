import { pause } from "../api/http/cancellation.js";
import { canLogIn } from "../api/http/canLogIn.js";
import type { Settings } from "../api/http/settings.js";

/**
 * Whether a key can log in. Retries, because the API may need some time to accept a new key.
 *
 * @param settings the settings of this run, with the key to test
 * @throws ApiError if the login can't be tested
 */
export async function probeLogin(settings: Settings): Promise<boolean> {
  for (const wait of patience) {
    if (await canLogIn(settings)) return true;
    await pause(wait * settings.retryDelay);
  }
  return canLogIn(settings);
}

/** How long to wait between attempts, in units of `retryDelay`. */
const patience = [1, 2, 4, 8];
