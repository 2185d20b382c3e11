import * as pulumi from "@pulumi/pulumi";
import { checkBindingAgainstLists } from "./accessListConflicts.js";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:ProjectRoleBinding";

/** The known roles in a project. Other roles are allowed and sent to the API unchanged. */
export type ProjectRole =
  | "project.user"
  | "project.operator"
  | "project.developer"
  | "project.admin"
  // Keeps the known roles as suggestions in an editor.
  | (string & {});

export interface ProjectRoleBindingArgs {
  /** The project to give access to, as a bare id or `projects/ID`. Changing it replaces the binding. */
  project: pulumi.Input<string>;
  /**
   * The email of a person or a service account. Case doesn't matter. Changing it to another person replaces the
   * binding. Changing it to another email of the same membership only updates the state and changes nothing in the
   * cloud.
   */
  member: pulumi.Input<string>;
  /**
   * The role, with or without `roles/`. It is changed in place with one PATCH, without a gap in access or a new
   * invitation.
   */
  role: pulumi.Input<ProjectRole>;
  /**
   * When the access ends: a date such as `2027-01-31`, which ends at the end of that day in UTC, or a time in RFC 3339.
   * The first `pulumi up` at or after that time removes the membership and keeps the resource, with `expired: true`. A
   * later date, or no date, grants the access again.
   * @default the access has no end
   */
  expires?: pulumi.Input<string>;
  /**
   * Adopts a membership that already exists and sets its role to `role`. Without `adopt`, an existing membership is an
   * error, because a later destroy would remove access that somebody else granted.
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * Allows removing or demoting the identity that Pulumi itself runs as.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * One member's role in one project. The cloud invites a new person by email, and `status` is `PENDING` until they
 * accept. Deleting the binding removes the membership, not the person or the account. The `id` is the membership's API
 * name, `projects/P/members/M`.
 *
 * @example
 * ```ts
 * new dt.ProjectRoleBinding("jane", { project: "c15j9p094l47cdv0o3pg", member: "jane@example.com", role: "project.admin" });
 * ```
 */
export class ProjectRoleBinding extends DeclaredResource {
  /** The project, `projects/P`. */
  declare readonly project: pulumi.Output<string>;
  /** The email, in lower case. */
  declare readonly member: pulumi.Output<string>;
  /** The role, `roles/…`. */
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

  constructor(name: string, args: ProjectRoleBindingArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "projectRoleBinding",
      type,
      name,
      {
        ...args,
        memberId: undefined,
        status: undefined,
        accountType: undefined,
        displayName: undefined,
        email: undefined,
        expired: undefined,
      },
      opts,
      { parent: args.project, collection: "members", what: args.member, expires: args.expires },
    );
    const expired = args.expires === undefined ? undefined : this.expired;
    checkBindingAgainstLists(this, { scope: args.project, member: args.member, expired });
  }
}
