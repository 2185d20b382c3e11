import { canonicalEmail } from "../api/text/email.js";
import { registerSecret, redactGiven } from "../api/text/redact.js";
import type { Settings } from "../api/http/settings.js";
import {
  assertSafeUrl,
  canonicalBase,
  production,
  baseUrlOf,
  tokenEndpoints,
  withApiVersion,
} from "./apiBase.js";
import { found, readDate, readRateLimit, readSeconds, type Found } from "./settingValues.js";
import {
  chooseLogin,
  fileSource,
  givenSource,
  listed,
  neededWith,
  sourceOf,
  type Explain,
  type GivenLogin,
  type LoginSource,
} from "./loginSource.js";

/** Reads one key of the configuration, such as `dt:keyId`. Secrets arrive in plaintext. */
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
    meaning: "the rate limit as requests/seconds, such as 25/5",
  },
  asOf: {
    environment: ["DT_AS_OF"],
    config: "dt:asOf",
    meaning: "the date used to decide what is due, RFC 3339 (default: now)",
  },
  retryDelay: {
    environment: ["DT_RETRY_DELAY"],
    config: "dt:retryDelay",
    meaning: "the seconds before the first retry; each further retry waits twice as long",
  },
  requestTimeout: {
    environment: ["DT_REQUEST_TIMEOUT"],
    config: "dt:requestTimeout",
    meaning: "the seconds until a request times out",
  },
  deadline: {
    environment: ["DT_DEADLINE"],
    config: "dt:deadline",
    meaning: "the seconds that one operation on a resource may take, with all requests and retries",
  },
  allowInsecure: {
    environment: ["DT_ALLOW_INSECURE"],
    config: "dt:allowInsecure",
    meaning: "whether plain http is allowed to hosts other than this machine",
  },
} as const satisfies Record<string, Setting>;

type Name = keyof typeof known;

/**
 * Reads settings from the environment, or else from the configuration. The explicit credentials of a `dt.Provider` are
 * never combined with the environment, whose one identity would make two companies look like one.
 *
 * @param login the login to use instead of the one in the environment or the configuration
 * @throws Error naming each missing setting and the command that sets it
 */
export function readSettings(
  config: Config,
  environment: NodeJS.ProcessEnv = process.env,
  login?: GivenLogin,
): Settings {
  const isExplicit = config("dt:explicit") === "true";
  const missing: string[] = [];
  const find = (name: Name): Found | undefined => {
    const { config: key, environment: variables } = known[name];
    const inConfig = found(config(key), isExplicit ? `the dt.Provider's ${key.slice("dt:".length)}` : key);
    const inEnvironment = variables.map((variable) => found(environment[variable], variable)).find(Boolean);
    return isExplicit
      ? (inConfig ?? (identifying.has(name) ? undefined : inEnvironment))
      : (inEnvironment ?? inConfig);
  };
  const get = (name: Name): string | undefined => find(name)?.value;

  const auth = get("auth") ?? "oauth2";
  if (auth !== "oauth2" && auth !== "basic")
    throw new Error(`${find("auth")?.from ?? ""} must be oauth2 or basic, not "${redactGiven(auth)}"`);
  const isInsecureAllowed = get("allowInsecure") === "true" || get("allowInsecure") === "1";
  const source = readLogin();
  const endpoint = readTokenEndpoint();
  const url = readApiUrl();
  const apiUrl = canonicalBase(url);
  const tokenEndpoint = endpoint?.value ?? tokenEndpoints[apiUrl] ?? "";
  if (tokenEndpoint === "" && auth === "oauth2")
    missing.push(explainMissing(known.tokenEndpoint, isExplicit));
  if (missing.length > 0) throw new Error(missing.join("\n"));
  const { keyId = "", keySecret = "", email } = source?.values ?? {};
  return {
    apiUrl,
    connectTo: baseUrlOf(url),
    tokenEndpoint,
    auth,
    keyId,
    keySecret: registerSecret(keySecret),
    email: canonicalEmail(email ?? "") || undefined,
    rateLimit: readRateLimit(find("rateLimit")),
    retryDelay: 1000 * readSeconds(known.retryDelay.meaning, find("retryDelay"), 1),
    requestTimeout: 1000 * readSeconds(known.requestTimeout.meaning, find("requestTimeout"), 60),
    deadline: 1000 * readSeconds(known.deadline.meaning, find("deadline"), 300),
    asOf: readDate(find("asOf")),
    isExplicit,
    isFromConfig: source?.names.keySecret === known.keySecret.config,
    from: {
      login: source?.what ?? "",
      apiUrl: find("apiUrl")?.from ?? knobOf("apiUrl"),
      tokenEndpoint: endpoint?.from ?? knobOf("tokenEndpoint"),
      deadline: find("deadline")?.from ?? "DT_DEADLINE or dt:deadline",
    },
  };

  function readLogin(): LoginSource | undefined {
    if (login !== undefined) return givenSource(login);
    const fromVariables = (index: 0 | 1): LoginSource =>
      sourceOf(
        (part) => known[part].environment[index],
        (name) => environment[name],
      );
    const fromConfig = sourceOf((part) => known[part].config, config);
    const needed = neededWith[auth === "basic" ? "basic" : "oauth2"];
    const explain: Explain = (part, name) => explainMissing(known[part], isExplicit, name);
    try {
      if (!isExplicit)
        return chooseLogin(
          [fromVariables(0), fromVariables(1), ...fileSource(environment)],
          fromConfig,
          needed,
          explain,
        );
      const what = "the dt.Provider's keyId, keySecret and email";
      return chooseLogin([{ ...fromConfig, what }], fromConfig, needed, explain);
    } catch (error) {
      missing.push((error as Error).message);
      return undefined;
    }
  }

  /** A login's own token endpoint belongs to it. A variable that names another one is meant for another login. */
  function readTokenEndpoint(): Found | undefined {
    const given = find("tokenEndpoint");
    const own = source?.tokenEndpoint;
    if (
      own !== undefined &&
      given !== undefined &&
      given.value !== own &&
      given.from === known.tokenEndpoint.environment[0]
    )
      throw new Error(
        `${given.from} and ${source?.what ?? ""} name different token endpoints: unset ${given.from}, or give the login by ${listed(known.keyId.environment)}`,
      );
    const endpoint = own === undefined || source === undefined ? given : { value: own, from: source.what };
    // Keep the exact text: it is the assertion's audience.
    if (endpoint !== undefined) assertSafeUrl(endpoint, isInsecureAllowed);
    return endpoint;
  }

  function readApiUrl(): URL {
    const given = find("apiUrl");
    if (given !== undefined) return withApiVersion(assertSafeUrl(given, isInsecureAllowed));
    const own = login === undefined ? source?.tokenEndpoint : undefined;
    const [api = production.apiUrl] = Object.entries(tokenEndpoints).find(([, each]) => each === own) ?? [];
    // A token of one cloud must not be sent to another cloud.
    if (own !== undefined && tokenEndpoints[api] !== own) {
      missing.push(
        `DT_API_URL is not set: export DT_API_URL=…, the API that the token endpoint in ${source?.what.replace("the values in ", "") ?? ""} belongs to`,
      );
    }
    return new URL(api);
  }
}

const read = new WeakMap<Config, () => Settings>();

/** Reads the settings once for each configuration: neither it nor the environment changes while the process lives. */
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

/** Settings that name one identity. They are never combined from two sources. */
const identifying = new Set<Name>(["keyId", "keySecret", "email", "auth"]);

/** The names that set a setting. */
const knobOf = (name: Name): string => `${known[name].environment[0]} (or ${known[name].config})`;

/** @param name the name that is not set; undefined if nothing is set yet, so that any source can set it */
function explainMissing(setting: Setting, isExplicit: boolean, name?: string): string {
  const { environment, config, meaning } = setting;
  const argument = config.slice("dt:".length);
  if (isExplicit) return `${argument} is not set: give the dt.Provider ${argument}, ${meaning}`;
  if (name === config) return `${config} is not set: run \`${commandFor(setting)}\` (${meaning})`;
  if (name !== undefined) return `${name} is not set: export ${name}=… (${meaning})`;
  const [variable = ""] = environment;
  return `${variable} is not set: export ${variable}=… (${meaning}), or run \`${commandFor(setting)}\``;
}

/** Pulumi may treat a setting named like a key or a token as a secret. Then it requires one of these flags. */
const commandFor = ({ config, isSecret }: Setting): string =>
  `pulumi config set ${isSecret === true ? "--secret" : "--plaintext"} ${config} …`;
