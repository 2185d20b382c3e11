import * as pulumi from "@pulumi/pulumi";
import type { Lookups } from "../provider/lookups/lookUp.js";
import { perRun } from "./perRun.js";
import type { Provider } from "./provider.js";

/** Whose eyes a lookup sees with. */
export interface LookupOptions {
  /** Credentials of their own, as for a resource. @default the environment's, then the stack's */
  provider?: Provider;
}

/** Arguments that may be known later. */
export type Later<Args> = { [Name in keyof Args]: pulumi.Input<Args[Name]> };

type Args<Name extends keyof Lookups> = Lookups[Name]["args"];
type Result<Name extends keyof Lookups> = Lookups[Name]["result"];
type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Asks now.
 * @internal
 * @throws RunError in words for the user, without secrets
 */
export async function lookUp<Name extends keyof Lookups>(
  name: Name,
  args: Args<Name>,
  { provider }: LookupOptions = {},
): Promise<Result<Name>> {
  if (provider === undefined) return ask(name, args, undefined);
  // There is no other way to tell a value that a preview does not know from one that is still to come.
  const { isKnown } = provider.settings as unknown as { isKnown: Promise<boolean> };
  if (!(await isKnown)) {
    throw new pulumi.RunError(
      `${name}: the provider's credentials are not known before \`pulumi up\`; use ${name}Output, which waits for them`,
    );
  }
  const settings = await new Promise<Settings>((resolve) => provider.settings.apply(resolve));
  return ask(name, args, settings);
}

/**
 * Asks once all arguments and credentials are known. What comes is no secret, whatever the credentials are.
 * @internal
 */
export function lookUpOutput<Name extends keyof Lookups>(
  name: Name,
  args: Later<Args<Name>>,
  { provider }: LookupOptions = {},
): pulumi.Output<Result<Name>> {
  const settings = provider === undefined ? undefined : pulumi.unsecret(provider.settings);
  const question = pulumi.all([pulumi.output(args), pulumi.output(settings)]);
  return question.apply(([known, as]) => ask(name, known as Args<Name>, as));
}

/** Answers, by what was asked and as whom. */
const answers = perRun(() => new Map<string, Promise<unknown>>());

/** One question is asked once in a run; an error is not remembered. */
function ask<Name extends keyof Lookups>(
  name: Name,
  args: Args<Name>,
  settings: Settings | undefined,
): Promise<Result<Name>> {
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
  // The program must not end while it may still declare something.
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    // The one place where a program runs the provider's code itself. Loaded here: most programs ask nothing.
    const provider = await import("../provider/lookups/lookUp.js");
    return await provider.lookUp(name, args, (key) =>
      settings === undefined ? pulumi.runtime.getConfig(key) : settings[key],
    );
  } catch (error) {
    // Pulumi prints a stack beside any other error.
    throw new pulumi.RunError((error as Error).message);
  } finally {
    done();
  }
}
