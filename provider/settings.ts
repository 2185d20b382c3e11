import { canonicalEmail } from "./api/email.js";
import { hide, redactGiven } from "./api/redact.js";
import type { RateLimit, Settings } from "./api/settings.js";

/** Reads one key of the configuration, such as `dt:keyId`; secrets arrive in clear. */
export type Config = (key: string) => string | undefined;

interface Setting {
  readonly environment: readonly string[];
  readonly config: `dt:${string}`;
  readonly meaning: string;
  readonly isSecret?: boolean;
}

const known = {
  keyId: {
    environment: ["DT_API_KEY_ID", "DT_SERVICE_ACCOUNT_KEY_ID"],
    config: "dt:keyId",
    meaning: "the id of the service account key to log in with",
  },
  keySecret: {
    environment: ["DT_API_KEY_SECRET", "DT_SERVICE_ACCOUNT_SECRET"],
    config: "dt:keySecret",
    meaning: "that key's secret",
    isSecret: true,
  },
  email: {
    environment: ["DT_OIDC_EMAIL", "DT_SERVICE_ACCOUNT_EMAIL"],
    config: "dt:email",
    meaning: "the service account's email",
  },
  apiUrl: { environment: ["DT_API_URL"], config: "dt:apiUrl", meaning: "the API's base URL" },
  tokenEndpoint: {
    environment: ["DT_OIDC_TOKEN_ENDPOINT"],
    config: "dt:tokenEndpoint",
    meaning: "the token endpoint that belongs to this API",
  },
  auth: { environment: ["DT_AUTH"], config: "dt:auth", meaning: "the login, oauth2 or basic" },
  rateLimit: {
    environment: ["DT_RATE_LIMIT"],
    config: "dt:rateLimit",
    meaning: "requests per seconds, such as 25/5",
  },
  asOf: {
    environment: ["DT_AS_OF"],
    config: "dt:asOf",
    meaning: "the date that decisions go by, RFC 3339, instead of now",
  },
  retryDelay: {
    environment: ["DT_RETRY_DELAY"],
    config: "dt:retryDelay",
    meaning: "seconds until what failed is tried again for the first time; each further time doubles it",
  },
  requestTimeout: {
    environment: ["DT_REQUEST_TIMEOUT"],
    config: "dt:requestTimeout",
    meaning: "seconds until a request counts as lost",
  },
  deadline: {
    environment: ["DT_DEADLINE"],
    config: "dt:deadline",
    meaning: "seconds that one operation on a resource may take, all its requests and retries included",
  },
  allowInsecure: {
    environment: ["DT_ALLOW_INSECURE"],
    config: "dt:allowInsecure",
    meaning: "whether plain http is allowed to a host that is not this machine",
  },
} as const satisfies Record<string, Setting>;

type Name = keyof typeof known;

/**
 * Settings from the environment, else from the configuration. The explicit credentials of a `dt.Provider` stand alone:
 * the environment, which names one identity, must not turn two companies into one.
 *
 * @throws Error naming each missing setting and the command that sets it.
 */
export function readSettings(config: Config, environment: NodeJS.ProcessEnv = process.env): Settings {
  const isExplicit = config("dt:explicit") === "true";
  const missing: string[] = [];
  const fromConfig = (name: Name) => config(known[name].config) || undefined;
  const fromEnvironment = (name: Name) =>
    known[name].environment.map((variable) => environment[variable]).find((value) => value);
  const get = (name: Name): string | undefined =>
    (isExplicit
      ? (fromConfig(name) ?? (identifying.has(name) ? undefined : fromEnvironment(name)))
      : (fromEnvironment(name) ?? fromConfig(name))
    )?.trim();
  const need = (name: Name): string => {
    const value = get(name);
    if (!value) missing.push(explainMissing(known[name], isExplicit));
    return value ?? "";
  };

  const auth = get("auth") ?? "oauth2";
  if (auth !== "oauth2" && auth !== "basic")
    throw new Error(`DT_AUTH (or dt:auth) is oauth2 or basic, not "${redactGiven(auth)}"`);
  const isInsecureAllowed = get("allowInsecure") === "true" || get("allowInsecure") === "1";
  const url = assertSafe(get("apiUrl") ?? production.apiUrl, known.apiUrl, isInsecureAllowed);
  const apiUrl = canonical(url);
  const settings: Settings = {
    apiUrl,
    connectTo: spelled(url),
    tokenEndpoint: readTokenEndpoint(),
    auth,
    keyId: need("keyId"),
    keySecret: hide(need("keySecret")),
    email: canonicalEmail((auth === "basic" ? get("email") : need("email")) ?? "") || undefined,
    rateLimit: readRateLimit(get("rateLimit")),
    retryDelay: 1000 * readSeconds(known.retryDelay, get("retryDelay"), 1),
    requestTimeout: 1000 * readSeconds(known.requestTimeout, get("requestTimeout"), 60),
    deadline: 1000 * readSeconds(known.deadline, get("deadline"), 300),
    asOf: readDate(get("asOf")),
    isExplicit,
    isFromConfig: !isExplicit && fromEnvironment("keySecret") === undefined,
  };
  if (missing.length > 0) throw new Error(missing.join("\n"));
  return settings;

  function readTokenEndpoint(): string {
    const given = get("tokenEndpoint") ?? tokenEndpoints[apiUrl];
    if (given === undefined) return auth === "basic" ? "" : need("tokenEndpoint");
    // Kept as given: it is the assertion's audience, to the letter.
    assertSafe(given, known.tokenEndpoint, isInsecureAllowed);
    return given;
  }
}

const read = new WeakMap<Config, () => Settings>();

/** The same, read once for each configuration: neither that nor the environment changes while a provider's process lives. */
export function settingsOf(config: Config): Settings {
  const known = read.get(config);
  if (known !== undefined) return known();
  try {
    const settings = readSettings(config);
    read.set(config, () => settings);
    return settings;
  } catch (error) {
    read.set(config, () => {
      throw error;
    });
    throw error;
  }
}

/** Names one identity; never mixed from two sources. */
const identifying = new Set<Name>(["keyId", "keySecret", "email", "auth"]);

const production = { apiUrl: "https://api.disruptive-technologies.com/v2" } as const;

const tokenEndpoints: Readonly<Record<string, string>> = {
  [production.apiUrl]: "https://identity.disruptive-technologies.com/oauth2/token",
  "https://api.dev.disruptive-technologies.com/v2":
    "https://identity.dev.disruptive-technologies.com/oauth2/token",
};

/** Names of one host. */
const hostAliases: Readonly<Record<string, string>> = {
  "api.d21s.com": "api.disruptive-technologies.com",
  localhost: "127.0.0.1",
  "[::1]": "127.0.0.1",
};

/** One spelling for each API base, since it is compared with the state's: host aliases folded, no slash at the end. */
function canonical(given: URL): string {
  const url = new URL(given);
  url.hostname = hostAliases[url.hostname] ?? url.hostname;
  return spelled(url);
}

const spelled = ({ origin, pathname }: URL): string => `${origin}${pathname.replace(/\/+$/, "")}`;

function assertSafe(text: string, { environment, config }: Setting, isInsecureAllowed: boolean): URL {
  const knob = `${environment[0] ?? config} (or ${config})`;
  if (!URL.canParse(text)) throw new Error(`${knob} is no URL: "${redactGiven(withoutLogin(text))}"`);
  const url = new URL(text);
  const isLoopback = /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && (isLoopback || isInsecureAllowed))) {
    throw new Error(
      `${knob} must be https, not "${url.protocol}//${url.host}": credentials would travel in clear. Set DT_ALLOW_INSECURE=true to allow it`,
    );
  }
  // They would be shown wherever the URL is.
  if (url.username !== "" || url.password !== "")
    throw new Error(`${knob} holds a user or a password, which have no place there`);
  return url;
}

/** What is no URL may hold a password all the same, before the last `@`. */
function withoutLogin(text: string): string {
  const at = text.lastIndexOf("@");
  return at === -1 ? text : `…${text.slice(at)}`;
}

/** `25/5` is 25 requests in 5 seconds, the API's documented limit and the default; `off` is no limit. */
function readRateLimit(text = "25/5"): RateLimit | undefined {
  if (text === "off") return undefined;
  const [, requests, perSeconds] = /^([1-9]\d*)\/(\d+(?:\.\d+)?)s?$/.exec(text) ?? [];
  if (requests === undefined || !(Number(perSeconds) > 0)) {
    throw new Error(
      `DT_RATE_LIMIT (or dt:rateLimit) is requests per seconds, such as 25/5, or off; not "${redactGiven(text)}"`,
    );
  }
  return { requests: Number(requests), perSeconds: Number(perSeconds) };
}

function readDate(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new Error(
      `DT_AS_OF (or dt:asOf) is a date by RFC 3339, such as 2027-01-31T00:00:00Z, not "${redactGiven(text)}"`,
    );
  }
  return new Date(text).toISOString();
}

function readSeconds({ environment, config, meaning }: Setting, text: string | undefined, byDefault: number) {
  const seconds = text === undefined ? byDefault : Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new Error(
    `${environment[0] ?? ""} (or ${config}) is ${meaning}; a number such as ${byDefault}, not "${redactGiven(text ?? "")}"`,
  );
}

function explainMissing({ environment, config, meaning, isSecret }: Setting, isExplicit: boolean): string {
  const name = config.slice("dt:".length);
  return isExplicit
    ? `${name} is not set: give the dt.Provider ${name}, ${meaning}`
    : `${environment[0]} is not set: export ${environment[0]}=… (${meaning}), or run \`pulumi config set ${isSecret === true ? "--secret " : ""}${config} …\``;
}
