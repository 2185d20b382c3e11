import { randomBytes } from "node:crypto";
import { ApiError } from "../cloud/apiError";
import type { CloudState } from "../cloud/cloudState";
import { parentOf } from "../cloud/ids";
import { isPropagating } from "../cloud/propagation";
import type { ServiceAccount } from "../cloud/resources";
import { keyIdOf, verifyAssertion } from "./assertion";

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** The longest lifetime of an assertion and the lifetime of a token. */
const lifetimeSeconds = 3600;

/** An error of the token endpoint: 400 with an error code of RFC 6749, section 5.2. */
export class TokenError extends Error {
  constructor(
    readonly code: "invalid_request" | "invalid_grant" | "unsupported_grant_type",
    message: string,
  ) {
    super(message);
  }
}

export interface TokenResponse {
  access_token: string;
  token_type: string;
  expires_in: number;
}

interface TokenRequest {
  form: URLSearchParams;
  query: URLSearchParams;
  authorization: string | undefined;
  contentType: string | undefined;
  /** The URL the request was sent to. */
  endpoint: URL;
}

/** The issuer an assertion claims, not verified. Only for the log and for matching faults. */
export function claimedIssuer(form: URLSearchParams): string | undefined {
  try {
    const [, payload = ""] = (form.get("assertion") ?? "").split(".");
    const { iss } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { iss?: unknown };
    return typeof iss === "string" ? iss : undefined;
  } catch {
    return undefined;
  }
}

/** Verifies a token request. @returns a function that issues the token; nothing changes before it is called */
export function verifyTokenRequest(request: TokenRequest, cloud: CloudState): () => TokenResponse {
  checkContentType(request.contentType, cloud);
  const { form } = request;
  if (["grant_type", "assertion"].some((name) => form.getAll(name).length > 1))
    throw new TokenError("invalid_request", "a parameter is repeated");
  if (request.query.has("assertion") || request.query.has("grant_type"))
    throw new TokenError("invalid_request", "send the parameters in the body, not in the query");
  const grantType = form.get("grant_type");
  if (grantType === "client_credentials" && cloud.unknowns.clientCredentialsGrant === "accepted")
    return tokenIssuer(identityFromClientCredentials(request.authorization, cloud), cloud);
  if (grantType === null) throw new TokenError("invalid_request", "grant_type is missing");
  if (grantType !== jwtBearer) throw new TokenError("unsupported_grant_type", `unsupported grant type`);
  const assertion = form.get("assertion");
  if (!assertion) throw new TokenError("invalid_request", "assertion is missing");
  return tokenIssuer(identityFromAssertion(assertion, request.endpoint, cloud), cloud);
}

/** @throws {TokenError | ApiError} if the content type is wrong and `loginContentType` refuses that */
function checkContentType(contentType: string | undefined, { unknowns }: CloudState): void {
  const [type = ""] = contentType?.split(";") ?? [];
  if (unknowns.loginContentType === "accepted") return;
  if (type.trim().toLowerCase() === "application/x-www-form-urlencoded") return;
  const message = "the content type must be application/x-www-form-urlencoded";
  if (unknowns.loginContentType === "415") throw new ApiError(415, message);
  throw new TokenError("invalid_request", message);
}

interface Identity {
  account: ServiceAccount;
  keyId: string;
}

function identityFromAssertion(assertion: string, endpoint: URL, cloud: CloudState): Identity {
  const now = cloud.clock.now();
  const identity = identityOfKey(
    invalidGrantIfThrows(() => keyIdOf(assertion)),
    cloud,
  );
  const { iat, exp, aud } = invalidGrantIfThrows(() =>
    verifyAssertion(assertion, {
      secret: identity.secret,
      issuer: identity.account.email,
      audiences: acceptedAudiences(endpoint),
      now,
    }),
  );
  if (exp - iat > lifetimeSeconds)
    throw new TokenError("invalid_grant", "the assertion is valid for more than one hour");
  if (iat > now.getTime() / 1000 + cloud.unknowns.issuedInFutureSeconds)
    throw new TokenError("invalid_grant", "the assertion was issued in the future");
  if (Array.isArray(aud) && (aud.length !== 1 || cloud.unknowns.audienceArray === "refused"))
    throw new TokenError("invalid_grant", "the assertion has an unexpected aud");
  return identity;
}

function invalidGrantIfThrows<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The messages of fast-jwt are sentences, unlike the other messages here.
    throw new TokenError("invalid_grant", message.replace(/^The /, "the ").replace(/\.$/, ""));
  }
}

function identityOfKey(keyId: string, cloud: CloudState): Identity & { secret: string } {
  const key = cloud.keys.withId(keyId).find((candidate) => !isPropagating(cloud, "keys", candidate));
  const account = key && cloud.accounts.get(parentOf(key.name));
  if (!key || !account) throw new TokenError("invalid_grant", "unknown key");
  return { account, keyId, secret: key.secret };
}

function identityFromClientCredentials(authorization: string | undefined, cloud: CloudState): Identity {
  const text = Buffer.from(authorization?.replace(/^basic /i, "") ?? "", "base64").toString();
  const [keyId = "", secret = ""] = text.split(":");
  const identity = identityOfKey(keyId, cloud);
  if (identity.secret !== secret) throw new TokenError("invalid_grant", "wrong secret");
  return identity;
}

/** The endpoint's URL with every name of this machine. */
function acceptedAudiences(endpoint: URL): string[] {
  const hosts = new Set(["127.0.0.1", "localhost", "[::1]", endpoint.hostname]);
  return [...hosts].map((host) => `http://${host}:${endpoint.port}${endpoint.pathname}`);
}

const tokenIssuer =
  ({ account, keyId }: Identity, cloud: CloudState) =>
  (): TokenResponse => {
    const token = randomBytes(24).toString("base64url");
    const expiresAt = cloud.clock.now().getTime() / 1000 + lifetimeSeconds;
    cloud.addToken({ token, account: account.name, email: account.email, keyId, expiresAt });
    return { access_token: token, token_type: cloud.unknowns.tokenTypeCase, expires_in: lifetimeSeconds };
  };
