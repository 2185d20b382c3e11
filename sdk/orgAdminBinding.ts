import * as pulumi from "@pulumi/pulumi";
import { declareGrant } from "./agreement.js";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:OrgAdminBinding";

export interface OrgAdminBindingArgs {
  /** The organization to administer, as a bare id or `organizations/ID`. Changing it replaces the binding. */
  organization: pulumi.Input<string>;
  /**
   * Email of a person or a service account, in any case of letters. Another person replaces the binding. Another address of the same
   * membership only updates it, and changes nothing in the cloud.
   */
  member: pulumi.Input<string>;
  /**
   * Takes over a membership that exists already, and makes it an administrator's. Without it that is an error.
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * Allows removing the identity that Pulumi itself runs as, or the organization's last administrator.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * Makes a person or a service account an administrator of an organization: project administrator in every project of it,
 * present and future. The `id` is the membership's API name, `organizations/O/members/M`.
 *
 * @example
 * ```ts
 * new dt.OrgAdminBinding("jane", { organization: "c11humqoss9000pgu53g", member: "jane@example.com" });
 * ```
 */
export class OrgAdminBinding extends DeclaredResource {
  /** `organizations/O` */
  declare readonly organization: pulumi.Output<string>;
  /** In lower case. */
  declare readonly member: pulumi.Output<string>;
  /** `roles/organization.admin` */
  declare readonly role: pulumi.Output<string>;
  /** A user's number, or a service account's id. */
  declare readonly memberId: pulumi.Output<string>;
  /** `PENDING` or `ACCEPTED` */
  declare readonly status: pulumi.Output<string>;
  /** `USER` or `SERVICE_ACCOUNT` */
  declare readonly accountType: pulumi.Output<string>;
  declare readonly displayName: pulumi.Output<string>;
  /**
   * The address that the membership has now. It differs from `member` where a person has accepted the invitation under another
   * address: put that one into the program, and nothing changes in the cloud.
   */
  declare readonly email: pulumi.Output<string>;

  constructor(name: string, args: OrgAdminBindingArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "orgAdminBinding",
      type,
      name,
      {
        ...args,
        role: undefined,
        memberId: undefined,
        status: undefined,
        accountType: undefined,
        displayName: undefined,
        email: undefined,
      },
      opts,
      { parent: args.organization, collection: "members", what: args.member },
    );
    declareGrant(this, { scope: args.organization, member: args.member });
  }
}
