import { LoginError } from "./errors.js";
import { login, refuseIfCancelled } from "./login.js";
import { routeTo } from "./route.js";
import { registerSecret } from "../text/redact.js";
import type { Settings } from "./settings.js";

/**
 * Whether a key can log in now. Only a refusal means no.
 *
 * @throws ApiError if this can't be tested
 */
export async function canLogIn(settings: Settings): Promise<boolean> {
  if (settings.tokenEndpoint === "") return isKnownToBasic(settings);
  try {
    await login({ ...settings, auth: "oauth2" }).authorization();
    return true;
  } catch (error) {
    if (error instanceof LoginError && error.isRefusal) return false;
    throw error;
  }
}

/**
 * Asks the API itself, because no token endpoint is set. Only a 401 means that the API doesn't know the key.
 *
 * @throws LoginError if the API can't be asked
 */
async function isKnownToBasic({ connectTo, keyId, keySecret }: Settings): Promise<boolean> {
  const [{ default: got }, { agent }] = await Promise.all([import("got"), routeTo(connectTo)]);
  const path = `${connectTo}/projects`;
  refuseIfCancelled("GET", path);
  const authorization = `Basic ${registerSecret(Buffer.from(`${keyId}:${keySecret}`).toString("base64"))}`;
  const options = { headers: { authorization }, searchParams: { pageSize: 1 }, throwHttpErrors: false };
  // A redirect may lead to a place where the secret would travel in plaintext.
  const { statusCode: status } = await got(path, {
    ...options,
    agent,
    followRedirect: false,
    timeout: { request: 30_000 },
  });
  if ((status >= 300 && status < 400) || status >= 500 || status === 429)
    throw new LoginError({ method: "GET", path, status, reason: "the API can't be asked" });
  return status !== 401;
}
