import * as pulumi from "@pulumi/pulumi";
import { checkListAgainstBindings } from "./accessListConflicts.js";
import { DeclaredResource } from "./declaredResource.js";
import type { AccessListArgs } from "./projectAccess.js";

const type = "pulumi-nodejs:dynamic/dt:OrganizationAccess";

export interface OrganizationAccessArgs extends AccessListArgs {
  /** The organization to watch, as a bare id or `organizations/ID`. */
  organization: pulumi.Input<string>;
}

/**
 * The complete list of an organization's own members, such as its administrators. Other members are reported or
 * removed. The list itself doesn't grant access: use it together with bindings. Destroying it removes nobody. It never
 * removes the last administrator who has accepted the invitation. Declare one list for each organization.
 *
 * @example
 * ```ts
 * new dt.OrganizationAccess("administrators", {
 *   organization: "c11humqoss9000pgu53g",
 *   members: ["ada@example.com", "grace@example.com", pulumiItself],
 * });
 * ```
 */
export class OrganizationAccess extends DeclaredResource {
  /** The organization, `organizations/O`. */
  declare readonly organization: pulumi.Output<string>;
  /** The emails, in lower case and alphabetical order. */
  declare readonly members: pulumi.Output<readonly string[]>;
  declare readonly mode: pulumi.Output<"report" | "enforce">;
  declare readonly ignore: pulumi.Output<readonly string[] | undefined>;
  /** The roles of each undeclared member, by email, according to the last refresh. Empty after an update. */
  declare readonly undeclared: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: OrganizationAccessArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "organizationAccess",
      type,
      name,
      {
        mode: undefined,
        ignore: undefined,
        ...args,
        undeclared: undefined,
      },
      opts,
    );
    checkListAgainstBindings(this, {
      scope: args.organization,
      ...args,
      mode: args.mode,
      ignore: args.ignore,
    });
  }
}
