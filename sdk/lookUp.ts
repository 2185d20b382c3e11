import * as pulumi from "@pulumi/pulumi";
import type { Lookups } from "../provider/lookups/lookUp.js";
import { isMocked, noteLookUp, stackConfig, whyMissing } from "./askedAs.js";
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
  if (isMocked() || provider === undefined) return ask(name, args, { provider });
  // There is no other way to tell a value that a preview does not know from one that is still to come.
  const { isKnown } = provider.settings as unknown as { isKnown: Promise<boolean> };
  if (!(await isKnown)) {
    throw new pulumi.RunError(
      `${name}: the provider's credentials are not known before \`pulumi up\`; use ${name}Output, which waits for them`,
    );
  }
  const settings = await new Promise<Settings>((resolve) => provider.settings.apply(resolve));
  return ask(name, args, { provider, settings });
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
  // Now, and not when all is known: what is declared from now on may depend on the answer.
  if (provider === undefined && !isMocked()) noteLookUp();
  const given = provider === undefined ? undefined : pulumi.unsecret(provider.settings);
  const question = pulumi.all([pulumi.output(args), pulumi.output(given)]);
  return question.apply(([known, settings]) => ask(name, known as Args<Name>, { provider, settings }));
}

/** As whom to ask; as the stack, where it is empty. */
interface Eyes {
  readonly provider: Provider | undefined;
  readonly settings?: Settings | undefined;
}

/** Answers, by what was asked and as whom. */
const answers = perRun(() => new Map<string, Promise<unknown>>());

/** One question is asked once in a run; an error is not remembered. */
function ask<Name extends keyof Lookups>(
  name: Name,
  args: Args<Name>,
  { provider, settings }: Eyes,
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
    // The one place where a program runs the provider's code itself. Loaded here: most programs ask nothing.
    const provider = await import("../provider/lookups/lookUp.js");
    const config = settings === undefined ? stackConfig() : (key: string) => settings[key];
    const problem = provider.settingsProblem(config);
    if (problem !== undefined) throw new Error(`${name}: ${problem}${settings ? "" : whyMissing()}`);
    return await provider.lookUp(name, args, config);
  } catch (error) {
    // Pulumi prints a stack beside any other error.
    throw new pulumi.RunError((error as Error).message);
  } finally {
    done();
  }
}

/** In a unit test a lookup is a call of the provider's like any other, and asks nobody: `dt:index:getProjects`. */
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

/** Lookups that answer with a list. */
const lists = new Set<keyof Lookups>(["getMembers", "getOrganizations", "getProjects", "getRoles"]);

/** A mock's answer is an object on Pulumi's wire: a list arrives by its indexes, unless it stands in a field. */
function listIn(name: string, answer: Answer): unknown[] {
  const values = Object.values(answer);
  if (values.length === 1 && Array.isArray(values[0])) return values[0] as unknown[];
  if (Object.keys(answer).every((key, index) => key === String(index))) return values;
  throw new pulumi.RunError(`${name}: the mock for dt:index:${name} must answer with an array`);
}
