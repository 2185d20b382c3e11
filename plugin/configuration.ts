import * as v from "valibot";
import { identifying, known, type Name } from "../provider/session/settingTable.js";
import type { Config } from "../provider/session/settings.js";
import { packageName } from "../provider/stack/doors.js";
import type { Properties } from "../provider/lifecycle/properties.js";

/** A configuration as the engine gives it to a provider. */
export interface Configured {
  /** The arguments of the provider. The stack's configuration gives those of the default provider. */
  readonly args: Properties;
  /** Whether the program declares the provider. Otherwise it is the default provider of the stack. */
  readonly isExplicit: boolean;
}

/**
 * The settings of a provider. An explicit provider inherits from the stack's configuration what is not part of a login.
 */
export function configOf({ args, isExplicit }: Configured, environment = process.env): Config {
  const stack = isExplicit ? stackConfig(environment) : {};
  const read = (key: `dt:${string}`): string | undefined => {
    const name = key.slice("dt:".length);
    if (name === "explicit") return String(isExplicit);
    return textOf(args[name]) ?? (identifying.has(name as Name) ? undefined : textOf(stack[name]));
  };
  return Object.assign(read, { namespace: packageName });
}

/** The names of all settings. */
export const settingNames = Object.keys(known);

/** A value of a setting. An SDK sends a number or a boolean as JSON, which is the same text. */
export const textOf = (value: unknown): string | undefined =>
  ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;

const Stack = v.record(v.string(), v.unknown());

/** What the stack's configuration holds in the package's namespace. The engine passes it in the environment. */
function stackConfig({ PULUMI_CONFIG: text = "" }: NodeJS.ProcessEnv): v.InferOutput<typeof Stack> {
  try {
    const parsed = v.safeParse(Stack, JSON.parse(text));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
}
