/** Access rules for a policy pack. Pulumi checks them in every preview and update. */
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { basicAuthOff } from "./basicAuthOff.js";
import { today, type Exception } from "./exception.js";
import { externalPeople } from "./externalPeople.js";
import { twoHumanAdmins } from "./humanAdmins.js";
import { keyAge } from "./keyAge.js";
import { noLiteralCredentials } from "./literalCredentials.js";
import { noMachineAdmins } from "./machineAdmins.js";

export type { Exception };

/** The options of the rules. A rule that is set to `false` is left out. */
export interface AccessPolicyOptions {
  /** The program's folder. The rule searches it for plaintext credentials. */
  readonly program: string | false;
  /** The company's own email domains, such as `example.com`. */
  readonly domains: readonly string[] | false;
  /**
   * How far in the future `expires` may be so that people in other email domains need no exception, such as `180d`.
   * @default they always need one
   */
  readonly longestExternalAccess?: string;
  /** The maximum age of a key. @default "90d" */
  readonly oldestKey?: string | false;
  /** Whether an organization needs at least two people as administrators. @default true */
  readonly twoHumanAdmins?: boolean;
  /** Exceptions to the rules. Each has a reason and a last day. @default none */
  readonly exceptions?: {
    /**
     * Accounts whose keys can log in with Basic authentication, by the resource's name or the account's display name.
     */
    readonly basicAuth?: readonly Exception[];
    /** Service accounts that can administer an organization, by email or by the binding's name. */
    readonly machineAdmins?: readonly Exception[];
    /** People in other email domains, by email. */
    readonly people?: readonly Exception[];
  };
  /** Returns the date to compare exceptions and ages with. @default `DT_AS_OF`, then now */
  readonly asOf?: () => Date;
}

/**
 * Returns the rules for your own `PolicyPack`. They work with any backend: run `pulumi preview --policy-pack FOLDER`.
 * Pulumi shows secrets to policies, but the messages of these rules never contain one.
 *
 * @example
 * ```ts
 * new PolicyPack("access", {
 *   policies: accessPolicies({ program: resolve(__dirname, ".."), domains: ["example.com"] }),
 * });
 * ```
 * @throws TypeError if an exception lacks a reason or a date
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
    ...(domains === false ? [] : [externalPeople(domains, people, asOf, options.longestExternalAccess)]),
    ...(options.twoHumanAdmins === false ? [] : [twoHumanAdmins()]),
    ...(program === false ? [] : [noLiteralCredentials(program)]),
  ];
}
