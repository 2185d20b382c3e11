import { mayBeSecret } from "./credentialFormats.js";

/** How to reach the API, and with which login. */
export interface Settings {
  /**
   * The API's base URL in canonical form: without a slash at the end, with host aliases replaced (see `readSettings`).
   */
  readonly apiUrl: string;
  /**
   * The base URL with the host that was given. On this machine, two aliases such as `localhost` and `127.0.0.1` may be
   * different addresses.
   */
  readonly connectTo: string;
  /**
   * The endpoint that exchanges a signed assertion for an access token (RFC 7523). Unused with Basic authentication.
   */
  readonly tokenEndpoint: string;
  readonly auth: "oauth2" | "basic";
  readonly keyId: string;
  readonly keySecret: string;
  /** The service account's email, which is the issuer of the assertion. With Basic authentication it may be absent. */
  readonly email: string | undefined;
  /** The largest number of requests in a sliding window. Undefined means unlimited. */
  readonly rateLimit: RateLimit | undefined;
  /** Milliseconds before the first retry. Each further retry doubles it. */
  readonly retryDelay: number;
  /** Milliseconds until a request counts as lost. */
  readonly requestTimeout: number;
  /** Milliseconds that one operation on a resource may take, including all its requests and retries. */
  readonly deadline: number;
  /**
   * The date that decisions are based on, RFC 3339. Undefined means the server's current time. Use it for rehearsals,
   * and to make a preview and its update agree.
   */
  readonly asOf: string | undefined;
  /** Whether the credentials come from the stack's configuration. Pulumi may pass an outdated configuration. */
  readonly isFromConfig: boolean;
  /** Whether the credentials are those of a `dt.Provider`. Pulumi may pass outdated ones as well. */
  readonly isExplicit: boolean;
  /** The sources of settings, for messages that ask to check them. */
  readonly from: {
    /** A plural, such as `DT_API_KEY_ID, DT_API_KEY_SECRET and DT_OIDC_EMAIL`. */
    readonly login: string;
    readonly apiUrl: string;
    readonly tokenEndpoint: string;
    readonly deadline: string;
  };
}

export interface RateLimit {
  readonly requests: number;
  /** The length of the window, in seconds. */
  readonly perSeconds: number;
}

/** The account that these credentials belong to, for messages. */
export const identityOf = ({ email, keyId, from }: Settings): string =>
  email ?? (mayBeSecret(keyId) ? `the owner of the key in ${from.login}` : `the owner of key ${keyId}`);
