import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:Project";

/** Where a project is. A field that is left out is not managed. */
export interface ProjectLocation {
  /** Degrees from -90 to 90. */
  latitude?: pulumi.Input<number>;
  /** Degrees from -180 to 180. */
  longitude?: pulumi.Input<number>;
  /** The time zone, such as `Europe/Oslo`. */
  timeLocation?: pulumi.Input<string>;
}

export interface ProjectArgs {
  /**
   * The organization that owns the project, as a bare id or `organizations/ID`. A project can't move to another
   * organization, so a change is refused.
   */
  organization: pulumi.Input<string>;
  /** The name that people see. A stack can't create two projects of one name in an organization. Changed in place. */
  displayName: pulumi.Input<string>;
  /**
   * All labels, with their values. Other labels are removed, except those that the API sets itself. Without this
   * argument, labels are not managed. Changed in place.
   */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Where the project is. Without this argument, the location is not managed. Changed in place. */
  location?: pulumi.Input<ProjectLocation>;
  /**
   * Adopts the existing project in `organization` with this name, id or display name and updates it, instead of
   * creating a project.
   */
  adopt?: pulumi.Input<string>;
  /**
   * What a deletion does. `empty` deletes the project if it has no devices, service accounts or other members, and fails
   * otherwise. `retain` leaves the project in the cloud.
   * @default "empty"
   */
  deletion?: pulumi.Input<"empty" | "retain">;
  /**
   * Allows deleting the project even if the account that Pulumi itself runs as is in it.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * A project. Only an administrator of the organization can create one. The `id` is the project's API name,
 * `projects/P`, so every argument `project` accepts it.
 *
 * @example
 * ```ts
 * const client = new dt.Project("client-b", {
 *   organization: "c11humqoss9000pgu53g",
 *   displayName: "Client B",
 *   labels: { customer: "b" },
 * });
 * new dt.ProjectRoleBinding("jane", { project: client.id, member: "jane@example.com", role: "project.admin" });
 * ```
 */
export class Project extends DeclaredResource {
  /** The organization, `organizations/O`. */
  declare readonly organization: pulumi.Output<string>;
  declare readonly displayName: pulumi.Output<string>;
  declare readonly labels: pulumi.Output<Record<string, string> | undefined>;
  declare readonly location: pulumi.Output<ProjectLocation | undefined>;
  declare readonly deletion: pulumi.Output<"empty" | "retain">;
  /** The name of the organization that people see. */
  declare readonly organizationDisplayName: pulumi.Output<string>;
  /** Whether it is the project that was created with the organization. */
  declare readonly inventory: pulumi.Output<boolean>;

  constructor(name: string, args: ProjectArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "project",
      type,
      name,
      {
        ...args,
        organizationDisplayName: undefined,
        inventory: undefined,
      },
      opts,
      args.adopt === undefined
        ? { parent: args.organization, collection: "projects", what: args.displayName }
        : { collection: "projects", what: args.adopt },
    );
  }
}
