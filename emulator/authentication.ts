import type { Caller } from "./permissions";
import { isSettling } from "./propagation";
import { idOf, parentOf } from "./ids";
import { basicChallenge, bearerChallenge, Refusal } from "./refusal";
import type { World } from "./world";

/** Who sends a request, by its Authorization header. @throws {Refusal} 401, or as Basic auth that is off answers */
export function authenticate(header: string | undefined, world: World): Caller {
  const [scheme = "", credentials = ""] = header?.split(" ") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
      return byToken(credentials, world);
    case "basic":
      return byKey(credentials, world);
    default:
      throw new Refusal(401, "missing or unknown authorization");
  }
}

function byToken(text: string, world: World): Caller {
  const token = world.token(text);
  if (!token || token.expiresAt * 1000 <= world.clock.now().getTime())
    throw badToken("the token is invalid or has expired");
  const keyLives = world.keys.get(`${token.account}/keys/${token.keyId}`) !== undefined;
  if (world.unknowns.tokensDieWithKey && !keyLives) throw badToken("the token's key is gone");
  return { email: token.email, id: idOf(token.account), keyId: token.keyId };
}

function byKey(text: string, world: World): Caller {
  const [keyId = "", ...rest] = Buffer.from(text, "base64").toString().split(":");
  const secret = rest.join(":");
  const key = world.keys
    .withId(keyId)
    .find((candidate) => candidate.secret === secret && !isSettling(world, "keys", candidate));
  const account = key && world.accounts.get(parentOf(key.name));
  if (!key || !account) throw badCredentials(401, "unknown key or wrong secret");
  if (!world.acceptsBasicAuth(account))
    throw badCredentials(world.unknowns.basicAuthOffStatus, "Basic auth is not enabled");
  return { email: account.email, id: idOf(account.name), keyId };
}

const badToken = (reason: string): Refusal =>
  new Refusal(401, reason, { "WWW-Authenticate": bearerChallenge(reason) });

const badCredentials = (status: number, reason: string): Refusal =>
  new Refusal(status, reason, status === 401 ? { "WWW-Authenticate": basicChallenge } : {});
