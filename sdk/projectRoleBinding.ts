import * as pulumi from "@pulumi/pulumi";
import { declareGrant } from "./agreement.js";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:ProjectRoleBinding";

/** The roles of a project that are known; the API may have others, which pass as they are. */
export type ProjectRole =
  | "project.user"
  | "project.operator"
  | "project.developer"
  | "project.admin"
  // Keeps the known ones as suggestions in an editor.
  | (string & {});

export interface ProjectRoleBindingArgs {
  /** The project to give access to, as a bare id or `projects/ID`. Changing it replaces the binding. */
  project: pulumi.Input<string>;
  /**
   * Email of a person or a service account, in any case of letters. Another person replaces the binding. Another address of the same
   * membership only updates it, and changes nothing in the cloud.
   */
  member: pulumi.Input<string>;
  /** With or without `roles/`. Changed in place by one PATCH: no moment without access, no second invitation. */
  role: pulumi.Input<ProjectRole>;
  /**
   * Takes over a membership that exists already and brings it to `role`. Without it that is an error, since a later destroy
   * would remove what somebody else granted.
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
 * One member's role in one project. A person who is not known yet is invited by mail, and `status` is `PENDING` until they accept.
 * Removing it removes the membership, not the person or the account. The `id` is the membership's API name, `projects/P/members/M`.
 *
 * @example
 * ```ts
 * new dt.ProjectRoleBinding("jane", { project: "c15j9p094l47cdv0o3pg", member: "jane@example.com", role: "project.admin" });
 * ```
 */
export class ProjectRoleBinding extends DeclaredResource {
  /** `projects/P` */
  declare readonly project: pulumi.Output<string>;
  /** In lower case. */
  declare readonly member: pulumi.Output<string>;
  /** `roles/…` */
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
      },
      opts,
      { parent: args.project, collection: "members", what: args.member },
    );
    declareGrant(this, { scope: args.project, member: args.member });
  }
}
