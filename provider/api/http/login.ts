import { isCancelled, pause, whyCancelled } from "./cancellation.js";
import { routeTo } from "./route.js";
import { connectionAdvice } from "./connectionErrors.js";
import { mayBeSecret } from "./credentialFormats.js";
import { LoginError, readReason } from "./errors.js";
import { registerSecret } from "../text/redact.js";
import { notice } from "../text/notice.js";
import { learnServerTime } from "./serverClock.js";
import type { Settings } from "./settings.js";
import { staleCredentials } from "./staleCredentials.js";

/** Supplies the `Authorization` header. */
export interface Login {
  /** The header's value. Logs in first if needed. Concurrent callers share one token request. */
  authorization(): Promise<string>;
  /** Forgets the token in the header value `refused`, so that the next call logs in again. */
  renew(refused: string): void;
  /** Why the last attempt to log in got no answer. Undefined if it got one. */
  lastFailure(): string | undefined;
  /** Continues with another key of the same account. */
  use(key: NewLogin): void;
}

/** Another key of the same account. */
export interface NewLogin {
  readonly keyId: string;
  readonly keySecret: string;
}

export function login(settings: Settings): Login {
  return settings.auth === "basic" ? basic(settings) : oauth2(settings);
}

/** Basic authentication: the key's id and secret on every request. It is for development only, and a notice says so. */
function basic(settings: Settings): Login {
  notice(
    "Basic authentication sends the key's secret with every request. Use it for development only; for production set DT_AUTH=oauth2",
  );
  const headerOf = ({ keyId, keySecret }: NewLogin) =>
    `Basic ${registerSecret(Buffer.from(`${keyId}:${keySecret}`).toString("base64"))}`;
  let header = headerOf(settings);
  return {
    authorization: () => Promise.resolve(header),
    renew: () => undefined,
    lastFailure: () => undefined,
    use: (key) => void (header = headerOf(key)),
  };
}

interface Token {
  readonly header: string;
  /** Milliseconds since the epoch, by the local clock. */
  readonly renewAt: number;
}

const minute = 60_000;
const assertionLifetime = 3600;

/** OAuth 2 with a JWT bearer assertion (RFC 7523), signed with HS256 and the key's secret. */
function oauth2(initial: Settings): Login {
  let settings = initial;
  let current: Promise<Token> | undefined;
  let renewAt = Infinity;
  /**
   * How far the server's clock is ahead of the local one, in milliseconds. Learned when the server refuses a login
   * because of its timestamps.
   */
  let skew = 0;
  let lastFailure: string | undefined;
  const attempt = async (ahead: number) => {
    const response = await exchange(settings, ahead, (failure) => (lastFailure = failure));
    lastFailure = undefined;
    return response;
  };

  async function logIn(): Promise<Token> {
    const sentAt = Date.now();
    let response = await attempt(skew);
    learnServerTime(response.headers.date);
    const ahead = Date.parse(response.headers.date ?? "") - Date.now();
    if (response.statusCode === 400 && Math.abs(ahead - skew) > 5_000) {
      response = await attempt(ahead);
      if (response.statusCode < 300) {
        skew = ahead;
        notice(
          `the local clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? "behind" : "ahead of"} the server's; signing by the server's time`,
        );
      }
    }
    const { accessToken, expiresIn } = readToken(settings, response.statusCode, response.body, ahead);
    const lifetime = expiresIn * 1000;
    renewAt = sentAt + Math.max(lifetime - minute, lifetime / 2);
    return { header: `Bearer ${registerSecret(accessToken)}`, renewAt };
  }

  return {
    async authorization() {
      if (Date.now() >= renewAt) current = undefined;
      if (current === undefined) {
        renewAt = Infinity;
        current = logIn();
        current.catch(() => (current = undefined));
      }
      return (await current).header;
    },
    renew(refused) {
      const was = current;
      was?.then(
        (token) => {
          if (token.header === refused && current === was) current = undefined;
        },
        () => undefined, // the callers that wait for it get the error
      );
    },
    lastFailure: () => lastFailure,
    use(key) {
      settings = { ...settings, ...key };
      current = undefined;
    },
  };
}

/** @param onFailure called with the reason of a failed attempt that will be repeated */
async function exchange(settings: Settings, skew: number, onFailure: (reason: string) => void) {
  const { tokenEndpoint, keyId, keySecret, email = "" } = settings;
  const [{ default: got }, { SignJWT }, route] = await Promise.all([
    import("got"),
    import("jose"),
    routeTo(tokenEndpoint),
  ]);
  // Subtract five seconds: the vendor's own client allows that much for clocks that differ.
  const issuedAt = Math.floor((Date.now() + skew) / 1000) - 5;
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: keyId })
    .setIssuer(email)
    .setAudience(tokenEndpoint)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + assertionLifetime)
    .sign(new TextEncoder().encode(keySecret));
  registerSecret(assertion);
  refuseIfCancelled("POST", tokenEndpoint);
  const endsAt = Date.now() + settings.deadline;
  try {
    return await got.post(tokenEndpoint, {
      form: { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion },
      agent: route.agent,
      throwHttpErrors: false,
      followRedirect: false,
      timeout: { request: Math.min(settings.requestTimeout, settings.deadline, 30_000) },
      hooks: { beforeRetry: [({ message }) => onFailure(message)] },
      retry: {
        limit: 4,
        methods: ["POST"],
        maxRetryAfter: 120_000,
        calculateDelay: async ({ computedValue, retryAfter }) => {
          const delay =
            retryAfter === undefined ? (computedValue * settings.retryDelay) / 1000 : computedValue;
          if (delay === 0 || Date.now() + delay >= endsAt) return 0;
          // Waits by itself, because got does not stop waiting when the user cancels the run.
          await pause(delay).catch(() => undefined);
          return isCancelled() ? 0 : 1;
        },
      },
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LoginError(
      { method: "POST", path: tokenEndpoint, networkCode: code, reason: message },
      connectionAdvice(code, settings.from.tokenEndpoint, route.proxy),
    );
  }
}

/** @throws LoginError after the user has cancelled the run: nothing more is sent then */
export function refuseIfCancelled(method: string, path: string): void {
  if (isCancelled()) throw new LoginError({ method, path, reason: "not sent" }, whyCancelled);
}

function readToken(settings: Settings, status: number, body: string, clockAhead: number) {
  const details = { method: "POST", path: settings.tokenEndpoint, status };
  // The secret may have been given in place of the id, and the answer may quote it.
  if (isRefusal(status) && mayBeSecret(settings.keyId)) registerSecret(settings.keyId);
  const { reason, isApiAnswer } = readReason(body);
  if (isRefusal(status)) {
    throw new LoginError(
      { ...details, reason: reason || "refused", isApiAnswer },
      refusal(settings, clockAhead),
    );
  }
  const answer: unknown = status < 300 && isApiAnswer ? JSON.parse(body || "null") : undefined;
  const { access_token: accessToken, expires_in: expiresIn } = (answer ?? {}) as Record<string, unknown>;
  if (typeof accessToken !== "string" || accessToken === "") {
    throw new LoginError(
      { ...details, reason: reason || "the answer holds no access_token", isApiAnswer },
      `check ${settings.from.tokenEndpoint}`,
    );
  }
  const seconds = Number(expiresIn);
  return { accessToken, expiresIn: seconds > 0 ? seconds : 3600 };
}

const isRefusal = (status: number): boolean => status === 400 || status === 401 || status === 403;

function refusal(settings: Settings, clockAhead: number): string {
  const { keyId, email, from } = settings;
  const stale = staleCredentials(settings);
  const off = Math.round(Math.abs(clockAhead) / 1000);
  return [
    `key ${keyId} of ${email ?? "an account without email"} cannot log in: check that ${from.login} belong to one key that still exists`,
    off > 60 ? `and the clock, which differs from the server's by ${off} s` : "",
    stale === "" ? "" : `; ${stale}`,
  ]
    .filter((part) => part !== "")
    .join(" ")
    .replace(" ;", ";");
}
