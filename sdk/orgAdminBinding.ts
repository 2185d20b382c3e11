import * as pulumi from "@pulumi/pulumi";
import { checkBindingAgainstLists } from "./accessListConflicts.js";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:OrgAdminBinding";

export interface OrgAdminBindingArgs {
  /** The organization to administer, as a bare id or `organizations/ID`. Changing it replaces the binding. */
  organization: pulumi.Input<string>;
  /**
   * The email of a person or a service account. Case doesn't matter. Changing it to another person replaces the
   * binding. Changing it to another email of the same membership only updates the state and changes nothing in the
   * cloud.
   */
  member: pulumi.Input<string>;
  /**
   * When the access ends: a date such as `2027-01-31`, which ends at the end of that day in UTC, or a time in RFC 3339.
   * The first `pulumi up` at or after that time removes the membership and keeps the resource, with `expired: true`. A
   * later date, or no date, grants the access again.
   * @default the access has no end
   */
  expires?: pulumi.Input<string>;
  /**
   * Adopts a membership that already exists and grants it the administrator role. Without `adopt`, an existing
   * membership is an error.
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
 * Makes a person or a service account an administrator of an organization. An organization administrator is project
 * administrator in all its projects, including future ones. The `id` is the membership's API name,
 * `organizations/O/members/M`.
 *
 * @example
 * ```ts
 * new dt.OrgAdminBinding("jane", { organization: "c11humqoss9000pgu53g", member: "jane@example.com" });
 * ```
 */
export class OrgAdminBinding extends DeclaredResource {
  /** The organization, `organizations/O`. */
  declare readonly organization: pulumi.Output<string>;
  /** The email, in lower case. */
  declare readonly member: pulumi.Output<string>;
  /** The role, `roles/organization.admin`. */
  declare readonly role: pulumi.Output<string>;
  /** When the access ends: a date, or a time in UTC. */
  declare readonly expires: pulumi.Output<string | undefined>;
  /**
   * Whether the access has ended at `expires`. Then there is no membership in the cloud, and the other outputs describe
   * the last one. They are empty if the access was over before it was granted.
   */
  declare readonly expired: pulumi.Output<boolean>;
  /** A user's number, or a service account's id. */
  declare readonly memberId: pulumi.Output<string>;
  /** `PENDING` or `ACCEPTED`. Empty if the access has ended. */
  declare readonly status: pulumi.Output<string>;
  /** `USER` or `SERVICE_ACCOUNT`. */
  declare readonly accountType: pulumi.Output<string>;
  /** The name that people see. */
  declare readonly displayName: pulumi.Output<string>;
  /**
   * The email that the membership has now. It differs from `member` if the person accepted the invitation with another
   * email. You can then use that email as `member`; this changes nothing in the cloud.
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
        expired: undefined,
      },
      opts,
      { parent: args.organization, collection: "members", what: args.member, expires: args.expires },
    );
    const expired = args.expires === undefined ? undefined : this.expired;
    checkBindingAgainstLists(this, { scope: args.organization, member: args.member, expired });
  }
}
