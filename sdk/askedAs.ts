import * as pulumi from "@pulumi/pulumi";
import { perRun } from "./perRun.js";

/** Whether a run has asked anything with the stack's own credentials, and as whom. */
const asked = perRun((): { as?: Promise<string | undefined> } => ({}));

/** Notes that a lookup asks with the credentials that this process sees. */
export function noteLookUp(): void {
  asked().as ??= import("../provider/lookups/lookUp.js").then(({ askedAs }) => askedAs(stackConfig()));
}

/**
 * What tells the provider as whom this run's lookups ask, so that it can refuse where it would ask as somebody else: a program may run
 * in another process than the engine, with other environment variables. Empty where nothing was asked.
 */
export function askedAsInput(): { __askedAs?: Promise<string | undefined> } {
  const { as } = asked();
  return as === undefined ? {} : { __askedAs: as };
}

/**
 * The configuration of the stack; secrets in clear. Each is another one, since settings are kept by the configuration that they were
 * read from, and a process may run programs of several stacks.
 */
export const stackConfig =
  () =>
  (key: string): string | undefined =>
    pulumi.runtime.getConfig(key);

/** Whether nobody but a unit test's mocks is behind the program. */
export function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
}

/** Whether the program is a function of another program, as in Pulumi's Automation API, and not one that Pulumi has started. */
const isInline = (): boolean => !/[\\/]cmd[\\/]run(-policy-pack)?([\\/]|$)/.test(process.argv[1] ?? "");

/** Why settings that the engine has may be missing here. */
export const whyMissing = (): string =>
  isInline()
    ? ". This program runs inside of another one, as with Pulumi's Automation API: its lookups see process.env and the stack's configuration, not the workspace's envVars. Set the variables in process.env, too, put the login into the stack's configuration, or give the lookup a dt.Provider"
    : "";
