import { ApiError } from "../cloud/apiError";
import type { CloudState } from "../cloud/cloudState";
import { idOf, parentOf } from "../cloud/ids";
import { isPropagating } from "../cloud/propagation";
import { basicChallenge, bearerChallenge } from "../http/errorReply";
import type { Caller } from "./permissions";

/** Identifies the caller by the Authorization header. @throws {ApiError} 401, or `basicAuthOffStatus` */
export function authenticate(header: string | undefined, cloud: CloudState): Caller {
  const [scheme = "", credentials = ""] = header?.split(" ") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
      return authenticateBearer(credentials, cloud);
    case "basic":
      return authenticateBasic(credentials, cloud);
    default:
      throw new ApiError(401, "the Authorization header is missing or has an unknown scheme");
  }
}

function authenticateBearer(text: string, cloud: CloudState): Caller {
  const token = cloud.token(text);
  if (!token || token.expiresAt * 1000 <= cloud.clock.now().getTime())
    throw invalidToken("the token is invalid or has expired");
  const keyLives = cloud.keys.get(`${token.account}/keys/${token.keyId}`) !== undefined;
  if (cloud.unknowns.tokensDieWithKey && !keyLives) throw invalidToken("the token's key was deleted");
  return { email: token.email, id: idOf(token.account), keyId: token.keyId };
}

function authenticateBasic(text: string, cloud: CloudState): Caller {
  const [keyId = "", ...rest] = Buffer.from(text, "base64").toString().split(":");
  const secret = rest.join(":");
  const key = cloud.keys
    .withId(keyId)
    .find((candidate) => candidate.secret === secret && !isPropagating(cloud, "keys", candidate));
  const account = key && cloud.accounts.get(parentOf(key.name));
  if (!key || !account) throw invalidCredentials(401, "unknown key or wrong secret");
  if (!cloud.acceptsBasicAuth(account))
    throw invalidCredentials(cloud.unknowns.basicAuthOffStatus, "Basic auth is not enabled");
  return { email: account.email, id: idOf(account.name), keyId };
}

const invalidToken = (reason: string): ApiError =>
  new ApiError(401, reason, { "WWW-Authenticate": bearerChallenge(reason) });

const invalidCredentials = (status: number, reason: string): ApiError =>
  new ApiError(status, reason, status === 401 ? { "WWW-Authenticate": basicChallenge } : {});
