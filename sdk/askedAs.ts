import * as pulumi from "@pulumi/pulumi";
import { oncePerRun } from "./oncePerRun.js";

/** The identity that this run's lookups log in as. Unset until a lookup uses the stack's own credentials. */
const asked = oncePerRun((): { as?: Promise<string | undefined> } => ({}));

/** Records that a lookup uses the credentials that this process sees. */
export function noteLookUp(): void {
  asked().as ??= import("../provider/lookups/lookUp.js").then(({ askedAs }) => askedAs(stackConfig()));
}

/**
 * The input that tells the provider which identity the lookups of this run log in as. The program and the engine can
 * run in different processes with different environment variables, so the provider refuses to run as another identity.
 * Empty if the run has no lookup.
 */
export function askedAsInput(): { __askedAs?: Promise<string | undefined> } {
  const { as } = asked();
  return as === undefined ? {} : { __askedAs: as };
}

/**
 * The configuration of the stack, with secrets in plaintext. Each call returns a new function: settings are cached per
 * function, and a process can run the programs of several stacks.
 */
export const stackConfig =
  () =>
  (key: string): string | undefined =>
    pulumi.runtime.getConfig(key);

/** Whether the program runs in a unit test with Pulumi's mocks. */
export function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
}

/**
 * Whether the program is a function inside another program, as in Pulumi's Automation API. Otherwise Pulumi has started
 * it.
 */
const isInline = (): boolean => !/[\\/]cmd[\\/]run(-policy-pack)?([\\/]|$)/.test(process.argv[1] ?? "");

/** Explains why this process may lack settings that the engine has. */
export const whyMissing = (): string =>
  isInline()
    ? ". This program runs inside of another one, as with Pulumi's Automation API: its lookups see process.env and the stack's configuration, not the workspace's envVars. Set the variables in process.env, too, put the login into the stack's configuration, or give the lookup a dt.Provider"
    : "";
