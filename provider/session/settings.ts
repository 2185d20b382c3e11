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
import { identifying, known, type Name, type Setting } from "./settingTable.js";
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
export interface Config {
  (key: `dt:${string}`): string | undefined;
  /** The name of the configuration and of the provider in messages. @default "dt" */
  readonly namespace?: string;
}

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
  const { namespace = "dt" } = config;
  const knobs = { namespace, isExplicit };
  const missing: string[] = [];
  const find = (name: Name): Found | undefined => {
    const { environment: variables } = known[name];
    const inConfig = found(config(`dt:${name}`), configName(name, knobs));
    const inEnvironment = variables.map((variable) => found(environment[variable], variable)).find(Boolean);
    return isExplicit
      ? (inConfig ?? (identifying.has(name) ? undefined : inEnvironment))
      : (inEnvironment ?? inConfig);
  };
  const get = (name: Name): string | undefined => find(name)?.value;

  const auth = get("auth") ?? known.auth.byDefault;
  if (auth !== "oauth2" && auth !== "basic")
    throw new Error(`${find("auth")?.from ?? ""} must be oauth2 or basic, not "${redactGiven(auth)}"`);
  const isInsecureAllowed = get("allowInsecure") === "true" || get("allowInsecure") === "1";
  const source = readLogin();
  const endpoint = readTokenEndpoint();
  const url = readApiUrl();
  const apiUrl = canonicalBase(url);
  const tokenEndpoint = endpoint?.value ?? tokenEndpoints[apiUrl] ?? "";
  if (tokenEndpoint === "" && auth === "oauth2") missing.push(explainMissing("tokenEndpoint", knobs));
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
    rateLimit: readRateLimit(find("rateLimit") ?? { value: known.rateLimit.byDefault, from: "" }),
    retryDelay: 1000 * readSeconds(known.retryDelay, find("retryDelay")),
    requestTimeout: 1000 * readSeconds(known.requestTimeout, find("requestTimeout")),
    deadline: 1000 * readSeconds(known.deadline, find("deadline")),
    asOf: readDate(find("asOf")),
    isExplicit,
    isFromConfig: !isExplicit && source?.names.keySecret === configName("keySecret", knobs),
    from: {
      login: source?.what ?? "",
      apiUrl: find("apiUrl")?.from ?? knobOf("apiUrl", knobs),
      tokenEndpoint: endpoint?.from ?? knobOf("tokenEndpoint", knobs),
      deadline: find("deadline")?.from ?? `DT_DEADLINE or ${namespace}:deadline`,
    },
  };

  function readLogin(): LoginSource | undefined {
    if (login !== undefined) return givenSource(login);
    const fromVariables = (index: 0 | 1): LoginSource =>
      sourceOf(
        (part) => known[part].environment[index],
        (name) => environment[name],
      );
    const inConfig = sourceOf(
      (part) => `${namespace}:${part}`,
      (_name, part) => config(`dt:${part}`),
    );
    const fromConfig = { ...inConfig, isConfig: true } as const;
    const needed = neededWith[auth === "basic" ? "basic" : "oauth2"];
    const explain: Explain = (part, name) => explainMissing(part, knobs, name);
    try {
      if (!isExplicit)
        return chooseLogin(
          [fromVariables(0), fromVariables(1), ...fileSource(environment)],
          fromConfig,
          needed,
          explain,
        );
      const what = `the ${namespace}.Provider's keyId, keySecret and email`;
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

/** The problem of the settings; undefined if there is none. */
export function settingsProblem(config: Config): string | undefined {
  try {
    settingsOf(config);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The milliseconds that one operation may take: the default, if the settings are invalid. */
export const deadlineOf = (config: Config): number =>
  settingsProblem(config) === undefined
    ? settingsOf(config).deadline
    : 1000 * Number(known.deadline.byDefault);

/** How the configuration is named in messages. */
interface Knobs {
  readonly namespace: string;
  readonly isExplicit: boolean;
}

const configName = (name: Name, { namespace, isExplicit }: Knobs): string =>
  isExplicit ? `the ${namespace}.Provider's ${name}` : `${namespace}:${name}`;

/** The names that set a setting. */
const knobOf = (name: Name, { namespace }: Knobs): string =>
  `${known[name].environment[0]} (or ${namespace}:${name})`;

/** @param unset the name that is not set; undefined if nothing is set yet, so that any source can set it */
function explainMissing(name: Name, { namespace, isExplicit }: Knobs, unset?: string): string {
  const { environment, meaning, isSecret }: Setting = known[name];
  if (isExplicit) return `${name} is not set: give the ${namespace}.Provider ${name}, ${meaning}`;
  const key = `${namespace}:${name}`;
  // Pulumi may treat a setting named like a key or a token as a secret. Then it requires one of these flags.
  const command = `pulumi config set ${isSecret === true ? "--secret" : "--plaintext"} ${key} …`;
  if (unset === key) return `${key} is not set: run \`${command}\` (${meaning})`;
  if (unset !== undefined) return `${unset} is not set: export ${unset}=… (${meaning})`;
  const [variable = ""] = environment;
  return `${variable} is not set: export ${variable}=… (${meaning}), or run \`${command}\``;
}
