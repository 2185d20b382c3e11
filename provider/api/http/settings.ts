import { mayBeSecret } from "./credentialFormats.js";

/** How to reach the API, and as whom. */
export interface Settings {
  /** Base URL of the API, canonical: no slash at the end, aliases of one host folded (see `readSettings`). */
  readonly apiUrl: string;
  /** The same as it was given: a name of this machine may be another address than an alias of it. */
  readonly connectTo: string;
  /** Where a signed assertion is exchanged for an access token (RFC 7523). Unused with Basic authentication. */
  readonly tokenEndpoint: string;
  readonly auth: "oauth2" | "basic";
  readonly keyId: string;
  readonly keySecret: string;
  /** The service account's email; the issuer of the assertion. With Basic authentication it may be absent. */
  readonly email: string | undefined;
  /** Requests sent at most in a rolling window; undefined is no limit. */
  readonly rateLimit: RateLimit | undefined;
  /** Milliseconds until what failed is tried again for the first time; doubled each further time. */
  readonly retryDelay: number;
  /** Milliseconds until a request counts as lost. */
  readonly requestTimeout: number;
  /** Milliseconds that one operation on a resource may take, all its requests and retries included. */
  readonly deadline: number;
  /** The date that decisions go by, RFC 3339; undefined is the server's present time. For rehearsals, and for a preview and an update that agree. */
  readonly asOf: string | undefined;
  /** Whether the credentials come from the stack's configuration, which Pulumi may hand out stale. */
  readonly isFromConfig: boolean;
  /** Whether they are those of a `dt.Provider`, which Pulumi may hand out stale as well. */
  readonly isExplicit: boolean;
  /** Where settings come from, for messages that ask to check them. */
  readonly from: {
    /** A plural: `DT_API_KEY_ID, DT_API_KEY_SECRET and DT_OIDC_EMAIL` */
    readonly login: string;
    readonly apiUrl: string;
    readonly tokenEndpoint: string;
    readonly deadline: string;
  };
}

export interface RateLimit {
  readonly requests: number;
  /** Length of the window, in seconds. */
  readonly perSeconds: number;
}

/** Whom we act as, for messages. */
export const identityOf = ({ email, keyId, from }: Settings): string =>
  email ?? (mayBeSecret(keyId) ? `the owner of the key in ${from.login}` : `the owner of key ${keyId}`);
