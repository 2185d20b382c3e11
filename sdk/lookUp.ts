import * as pulumi from "@pulumi/pulumi";
import type { Lookups } from "../provider/lookups/lookUp.js";
import { isMocked, noteLookUp, stackConfig, whyMissing } from "./askedAs.js";
import { oncePerRun } from "./oncePerRun.js";
import type { Provider } from "./provider.js";
import { runError } from "./runError.js";

/** Which credentials a lookup uses. */
export interface LookupOptions {
  /** A provider with its own credentials, as for a resource. @default the environment's, then the stack's */
  provider?: Provider;
}

/** Arguments that can be outputs. */
export type Later<Args> = { [Name in keyof Args]: pulumi.Input<Args[Name]> };

type Args<Name extends keyof Lookups> = Lookups[Name]["args"];
type Result<Name extends keyof Lookups> = Lookups[Name]["result"];
type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Runs a lookup immediately.
 * @internal
 * @throws RunError with a message for the user, without secrets
 */
export async function lookUp<Name extends keyof Lookups>(
  name: Name,
  args: Args<Name>,
  { provider }: LookupOptions = {},
): Promise<Result<Name>> {
  if (isMocked() || provider === undefined) return ask(name, args, { provider });
  // Only `isKnown` tells a value that the preview doesn't know from a value that is still pending.
  const { isKnown } = provider.settings as unknown as { isKnown: Promise<boolean> };
  if (!(await isKnown)) {
    throw runError(
      `${name}: the provider's credentials are not known before \`pulumi up\`; use ${name}Output, which waits for them`,
    );
  }
  const settings = await new Promise<Settings>((resolve) => provider.settings.apply(resolve));
  return ask(name, args, { provider, settings });
}

/**
 * Runs a lookup when all arguments and credentials are known. The result isn't a secret, even though the credentials
 * are.
 * @internal
 */
export function lookUpOutput<Name extends keyof Lookups>(
  name: Name,
  args: Later<Args<Name>>,
  { provider }: LookupOptions = {},
): pulumi.Output<Result<Name>> {
  // Resources that the program declares next can depend on the answer, so this doesn't wait for the arguments.
  if (provider === undefined && !isMocked()) noteLookUp();
  const given = provider === undefined ? undefined : pulumi.unsecret(provider.settings);
  const question = pulumi.all([pulumi.output(args), pulumi.output(given)]);
  return question.apply(([known, settings]) => ask(name, known as Args<Name>, { provider, settings }));
}

/** The credentials of a lookup: the stack's own, if both are undefined. */
interface Credentials {
  readonly provider: Provider | undefined;
  readonly settings?: Settings | undefined;
}

/** Answers by lookup, arguments and credentials. */
const answers = oncePerRun(() => new Map<string, Promise<unknown>>());

/** Runs each lookup once per run. Errors are not cached. */
function ask<Name extends keyof Lookups>(
  name: Name,
  args: Args<Name>,
  { provider, settings }: Credentials,
): Promise<Result<Name>> {
  if (isMocked()) return askMocks(name, args, provider);
  const known = answers();
  const key = JSON.stringify([name, args, settings]);
  let answer = known.get(key) as Promise<Result<Name>> | undefined;
  if (answer === undefined) {
    answer = load(name, args, settings);
    answer.catch(() => known.delete(key));
    known.set(key, answer);
  }
  return answer;
}

async function load<Name extends keyof Lookups>(
  name: Name,
  args: Args<Name>,
  settings: Settings | undefined,
): Promise<Result<Name>> {
  if (settings === undefined) noteLookUp();
  // The program must not end while it may still declare something.
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    // Most programs don't use lookups, so the provider's code is loaded only here.
    const provider = await import("../provider/lookups/lookUp.js");
    const config = settings === undefined ? stackConfig() : (key: string) => settings[key];
    const problem = provider.settingsProblem(config);
    if (problem !== undefined) throw new Error(`${name}: ${problem}${settings ? "" : whyMissing()}`);
    return await provider.lookUp(name, args, config);
  } catch (error) {
    // For any other error, Pulumi prints a stack trace.
    throw runError((error as Error).message);
  } finally {
    done();
  }
}

/** Runs a lookup in a unit test. The mocks answer it like any call to a provider, such as `dt:index:getProjects`. */
async function askMocks<Name extends keyof Lookups>(
  name: Name,
  args: Args<Name>,
  provider: Provider | undefined,
): Promise<Result<Name>> {
  const options = provider === undefined ? {} : { provider };
  const answer = (await pulumi.runtime.invoke(`dt:index:${name}`, { ...args }, options)) as Answer;
  return (lists.has(name) ? listIn(name, answer) : answer) as Result<Name>;
}

type Answer = Readonly<Record<string, unknown>>;

/** Lookups that return a list. */
const lists = new Set<keyof Lookups>(["getMembers", "getOrganizations", "getProjects", "getRoles"]);

/**
 * Pulumi sends a mock's answer as an object. A list arrives as an object with the indexes as keys, or as its only
 * field.
 */
function listIn(name: string, answer: Answer): unknown[] {
  const values = Object.values(answer);
  if (values.length === 1 && Array.isArray(values[0])) return values[0] as unknown[];
  if (Object.keys(answer).every((key, index) => key === String(index))) return values;
  throw runError(`${name}: the mock for dt:index:${name} must answer with an array`);
}
