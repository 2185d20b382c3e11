import { createHmac, timingSafeEqual } from "node:crypto";

// By hand, since the libraries for it are ES modules, which jest can't load. One algorithm is all that the API takes.

/** Why a token is refused. */
class JwtError extends Error {}

/** What is asked of a token's claims (RFC 7519, section 4.1). */
interface Expected {
  readonly issuer: string;
  /** Any of these. */
  readonly audience: readonly string[];
  readonly currentDate: Date;
  readonly requiredClaims: readonly string[];
}

interface Claims {
  readonly iat?: number;
  readonly exp?: number;
  readonly aud?: string | readonly string[];
}

/** What a token says of itself. @throws {JwtError} where it is no token */
export function decodeProtectedHeader(token: string): { kid?: string } {
  const [header = ""] = token.split(".");
  const { kid } = decoded(header, "the assertion is not a JWT");
  return typeof kid === "string" ? { kid } : {};
}

/** Checks the HS256 signature and the claims. Rejects with a {@link JwtError}. */
export function jwtVerify(
  token: string,
  secret: Uint8Array,
  expected: Expected,
): Promise<{ readonly payload: Claims }> {
  return Promise.resolve().then(() => ({ payload: claimsOf(signed(token, secret), expected) }));
}

/** The payload of a token whose signature is right. */
function signed(token: string, secret: Uint8Array): Record<string, unknown> {
  const [header = "", payload = "", signature = "", ...more] = token.split(".");
  if (more.length > 0) throw new JwtError("Invalid Compact JWS");
  const { alg, crit } = decoded(header, "JWS Protected Header is invalid");
  if (alg !== "HS256") throw new JwtError('"alg" (Algorithm) Header Parameter value not allowed');
  if (crit !== undefined) throw new JwtError("Extension Header Parameter is not recognized");
  const right = createHmac("sha256", secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== right.length || !timingSafeEqual(given, right))
    throw new JwtError("signature verification failed");
  return decoded(payload, "JWT Claims Set must be a top-level JSON object");
}

function claimsOf(
  claims: Record<string, unknown>,
  { issuer, audience, currentDate, requiredClaims }: Expected,
): Claims {
  const missing = requiredClaims.find((name) => claims[name] === undefined);
  if (missing !== undefined) throw new JwtError(`missing required "${missing}" claim`);
  const { iss, aud } = claims;
  const [iat, exp, nbf] = ["iat", "exp", "nbf"].map((name) => timeOf(claims, name));
  if (iss !== issuer) throw new JwtError('unexpected "iss" claim value');
  const named: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audience.some((each) => named.includes(each))) throw new JwtError('unexpected "aud" claim value');
  const now = Math.floor(currentDate.getTime() / 1000);
  if (exp !== undefined && exp <= now) throw new JwtError('"exp" claim timestamp check failed');
  if (nbf !== undefined && nbf > now) throw new JwtError('"nbf" claim timestamp check failed');
  const times = { ...(iat === undefined ? {} : { iat }), ...(exp === undefined ? {} : { exp }) };
  return { ...times, aud: aud as string | string[] };
}

function timeOf(claims: Record<string, unknown>, name: string): number | undefined {
  const value = claims[name];
  if (value === undefined || typeof value === "number") return value;
  throw new JwtError(`"${name}" claim must be a number`);
}

function decoded(part: string, otherwise: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new JwtError(otherwise);
}
