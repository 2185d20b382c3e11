/** A policy pack's contents: rules for access that Pulumi checks in every preview and update. */
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { basicAuthOff } from "./basicAuthOff.js";
import { today, type Exception } from "./exception.js";
import { externalPeople } from "./externalPeople.js";
import { twoHumanAdmins } from "./humanAdmins.js";
import { keyAge } from "./keyAge.js";
import { noLiteralCredentials } from "./literalCredentials.js";
import { noMachineAdmins } from "./machineAdmins.js";

export type { Exception };

/** What the rules need to know of a company. A rule that is set to `false` is left out. */
export interface AccessPolicyOptions {
  /** The program's folder, which is searched for credentials in clear. */
  readonly program: string | false;
  /** The company's own mail domains, such as `example.com`. */
  readonly domains: readonly string[] | false;
  /** How old a key may get. @default "90d" */
  readonly oldestKey?: string | false;
  /** Whether an organization needs two people as administrators. @default true */
  readonly twoHumanAdmins?: boolean;
  /** What is allowed all the same, each with a reason and an end. @default none */
  readonly exceptions?: {
    /** Accounts whose keys log in by Basic authentication, by the resource's or the account's name. */
    readonly basicAuth?: readonly Exception[];
    /** Service accounts that administer an organization, by email or the binding's name. */
    readonly machineAdmins?: readonly Exception[];
    /** People of other mail domains, by email. */
    readonly people?: readonly Exception[];
  };
  /** The moment that exceptions and ages are judged by. @default `DT_AS_OF`, then now */
  readonly asOf?: () => Date;
}

/**
 * The rules, for a `PolicyPack` of one's own. Works with any backend, by `pulumi preview --policy-pack FOLDER`. No message of theirs
 * ever holds a secret, though Pulumi shows them all.
 *
 * @example
 * ```ts
 * new PolicyPack("access", {
 *   policies: accessPolicies({ program: resolve(__dirname, ".."), domains: ["example.com"] }),
 * });
 * ```
 * @throws TypeError where an exception has no reason or no date
 */
export function accessPolicies(
  options: AccessPolicyOptions,
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const { program, domains, oldestKey = "90d", exceptions = {}, asOf = () => today() } = options;
  const { basicAuth = [], machineAdmins = [], people = [] } = exceptions;
  return [
    basicAuthOff(basicAuth, asOf),
    noMachineAdmins(machineAdmins, asOf),
    ...(oldestKey === false ? [] : [keyAge(oldestKey, asOf)]),
    ...(domains === false ? [] : [externalPeople(domains, people, asOf)]),
    ...(options.twoHumanAdmins === false ? [] : [twoHumanAdmins()]),
    ...(program === false ? [] : [noLiteralCredentials(program)]),
  ];
}
