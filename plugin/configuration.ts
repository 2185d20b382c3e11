import * as v from "valibot";
import { known, type Name } from "../provider/session/settingTable.js";
import type { Config } from "../provider/session/settings.js";
import type { Properties } from "../provider/lifecycle/properties.js";

/** The name of the package, and the namespace of its configuration. */
export const packageName = "disruptive";

/** A configuration as the engine gives it to a provider. */
export interface Configured {
  /** The arguments of the provider. The stack's configuration gives those of the default provider. */
  readonly args: Properties;
  /** Whether the program declares the provider. Otherwise it is the default provider of the stack. */
  readonly isExplicit: boolean;
}

/**
 * The settings of a provider. A stack that once used the dynamic resources may still have them in the namespace `dt`:
 * its login counts if the namespace `disruptive` has none. An explicit provider inherits from the stack what is not
 * part of a login.
 */
export function configOf({ args, isExplicit }: Configured, environment = process.env): Config {
  const stack = stackConfig(environment);
  const own = (name: string): string | undefined => textOf(args[name]);
  const ofStack = (name: string): string | undefined =>
    stack[`${packageName}:${name}`] ?? stack[`dt:${name}`];
  const hasOwnLogin = login.some((name) => own(name) !== undefined);
  const read = (key: `dt:${string}`): string | undefined => {
    if (key === "dt:explicit") return isExplicit ? "true" : undefined;
    const name = key.slice("dt:".length);
    if (own(name) !== undefined) return own(name);
    const isLogin = login.includes(name as Name);
    return isLogin && (isExplicit || hasOwnLogin) ? undefined : ofStack(name);
  };
  return Object.assign(read, { namespace: packageName });
}

const login: readonly Name[] = ["keyId", "keySecret", "email", "auth"];

/** The names of all settings. */
export const settingNames = Object.keys(known);

/** A value of a setting. An SDK sends a number or a boolean as JSON, which is the same text. */
export const textOf = (value: unknown): string | undefined =>
  ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;

const Stack = v.record(v.string(), v.string());

/** The whole configuration of the stack in plaintext. The engine passes it in the environment. */
function stackConfig({ PULUMI_CONFIG: text = "" }: NodeJS.ProcessEnv): v.InferOutput<typeof Stack> {
  try {
    const parsed = v.safeParse(Stack, JSON.parse(text));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
}
