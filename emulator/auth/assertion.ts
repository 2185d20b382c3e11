import { createDecoder, createVerifier } from "fast-jwt";
import * as v from "valibot";

// fast-jwt and not jose: jose is an ES module, which jest cannot load without configuration.

/** The claims an assertion must have. */
interface Expected {
  readonly secret: string;
  readonly issuer: string;
  /** Any of these. */
  readonly audiences: readonly string[];
  readonly now: Date;
}

const verifiedClaims = v.object({
  iat: v.number("the iat claim must be a number"),
  exp: v.number("the exp claim must be a number"),
  aud: v.union([v.string(), v.array(v.string())]),
});

type Claims = v.InferOutput<typeof verifiedClaims>;

const decodedAssertion = v.object({
  header: v.object({ kid: v.optional(v.string(), "") }),
});

const decode = createDecoder({ complete: true });

/** The key id in the header, not verified; empty if there is none. @throws {Error} if the text is not a JWT */
export const keyIdOf = (assertion: string): string => v.parse(decodedAssertion, decode(assertion)).header.kid;

/** Verifies the HS256 signature and the claims (RFC 7519, section 4.1). @throws {Error} saying what is wrong */
export function verifyAssertion(assertion: string, { secret, issuer, audiences, now }: Expected): Claims {
  const verify = createVerifier({
    key: secret,
    algorithms: ["HS256"],
    allowedIss: issuer,
    allowedAud: [...audiences],
    requiredClaims: ["iss", "aud", "iat", "exp"],
    // Claims have whole seconds. One millisecond more, because fast-jwt accepts a token at the very time of its exp.
    clockTimestamp: Math.floor(now.getTime() / 1000) * 1000 + 1,
    cache: false,
  });
  return v.parse(verifiedClaims, verify(assertion));
}
