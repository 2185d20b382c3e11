import * as pulumi from "@pulumi/pulumi";
import { declareList } from "./agreement.js";
import { DeclaredResource } from "./declaredResource.js";
import type { AccessListArgs } from "./projectAccess.js";

const type = "pulumi-nodejs:dynamic/dt:OrganizationAccess";

export interface OrganizationAccessArgs extends AccessListArgs {
  /** The organization to watch, as a bare id or `organizations/ID`. */
  organization: pulumi.Input<string>;
}

/**
 * The whole list of an organization's own members, its administrators above all: whoever else is there is shown, or removed. It grants
 * nothing, stands beside the bindings that do, and destroying it removes nobody. Never leaves an organization without an
 * administrator who has accepted. One list an organization.
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
  /** `organizations/O` */
  declare readonly organization: pulumi.Output<string>;
  /** In lower case and alphabetical order. */
  declare readonly members: pulumi.Output<readonly string[]>;
  declare readonly mode: pulumi.Output<"report" | "enforce">;
  declare readonly ignore: pulumi.Output<readonly string[] | undefined>;
  /** Members that are not declared, with their roles, by email, as the last refresh saw them; empty after an update. */
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
    declareList(this, { scope: args.organization, ...args, mode: args.mode, ignore: args.ignore });
  }
}
