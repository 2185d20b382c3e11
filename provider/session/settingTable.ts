/** A setting of the provider. */
export interface Setting {
  /** The environment variables that set it. The first one is preferred. */
  readonly environment: readonly string[];
  /** What it is, as the end of a sentence. */
  readonly meaning: string;
  readonly isSecret?: boolean;
  /** The type of the value. In the environment and in the configuration it is text. @default "string" */
  readonly type?: "number" | "boolean";
  /** The value if it is not set anywhere. */
  readonly byDefault?: string;
}

/** All settings, by their name in the stack's configuration and in the arguments of an explicit provider. */
export const known = {
  keyId: {
    environment: ["DT_API_KEY_ID", "DT_SERVICE_ACCOUNT_KEY_ID"],
    meaning: "the id of the service account key to log in with",
  },
  keySecret: {
    environment: ["DT_API_KEY_SECRET", "DT_SERVICE_ACCOUNT_SECRET"],
    meaning: "the secret of the service account key",
    isSecret: true,
  },
  email: {
    environment: ["DT_OIDC_EMAIL", "DT_SERVICE_ACCOUNT_EMAIL"],
    meaning: "the service account's email",
  },
  apiUrl: { environment: ["DT_API_URL"], meaning: "the API's base URL" },
  tokenEndpoint: {
    environment: ["DT_OIDC_TOKEN_ENDPOINT"],
    meaning: "the token endpoint that belongs to this API",
  },
  auth: {
    environment: ["DT_AUTH"],
    meaning: "the kind of login, `oauth2`, or `basic` for development only",
    byDefault: "oauth2",
  },
  rateLimit: {
    environment: ["DT_RATE_LIMIT"],
    meaning: "the rate limit as requests/seconds, or `off`",
    byDefault: "25/5",
  },
  asOf: {
    environment: ["DT_AS_OF"],
    meaning: "the date used to decide what is due, RFC 3339 (default: now)",
  },
  retryDelay: {
    environment: ["DT_RETRY_DELAY"],
    meaning: "the seconds before the first retry; each further retry waits twice as long",
    type: "number",
    byDefault: "1",
  },
  requestTimeout: {
    environment: ["DT_REQUEST_TIMEOUT"],
    meaning: "the seconds until a request times out",
    type: "number",
    byDefault: "60",
  },
  deadline: {
    environment: ["DT_DEADLINE"],
    meaning: "the seconds that one operation on a resource may take, with all requests and retries",
    type: "number",
    byDefault: "300",
  },
  allowInsecure: {
    environment: ["DT_ALLOW_INSECURE"],
    meaning: "whether plain http is allowed to hosts other than this machine",
    type: "boolean",
    byDefault: "false",
  },
} as const satisfies Record<string, Setting>;

export type Name = keyof typeof known;

/** Settings that name one identity. They are never combined from two sources. */
export const identifying: ReadonlySet<Name> = new Set<Name>(["keyId", "keySecret", "email", "auth"]);
