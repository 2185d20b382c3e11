import * as pulumi from "@pulumi/pulumi";
import { checkListAgainstBindings } from "./accessListConflicts.js";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:ProjectAccess";

/** The common arguments of `ProjectAccess` and `OrganizationAccess`. */
export interface AccessListArgs {
  /**
   * The emails of all allowed members, whether a binding in this stack, a binding in another stack or none declares
   * them. Case and order don't matter. The list doesn't check roles.
   */
  members: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * `report` shows every other member as drift of `undeclared` in `pulumi preview --refresh` and removes nobody.
   * `enforce` removes the members that the preview named. It never removes members who were added after the preview, or
   * the identity that Pulumi itself runs as.
   * @default "report"
   */
  mode?: pulumi.Input<"report" | "enforce">;
  /**
   * Patterns of emails to ignore, such as `*@example.com`. `*` matches any text, `{a,b}` matches `a` or `b`, and `?`
   * matches one character. Case doesn't matter. A leading `!` has no special meaning.
   */
  ignore?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

export interface ProjectAccessArgs extends AccessListArgs {
  /** The project to watch, as a bare id or `projects/ID`. */
  project: pulumi.Input<string>;
}

/**
 * The complete list of a project's members. Other members are reported or removed. The list itself doesn't grant
 * access: use it together with bindings. Destroying it removes nobody. It ignores organization administrators, who
 * aren't members of the project itself. Declare only one list for each project, because each list treats the other's
 * members as undeclared.
 *
 * @example
 * ```ts
 * new dt.ProjectAccess("production", {
 *   project: "c15j9p094l47cdv0o3pg",
 *   members: ["jane@example.com", erp.email],
 *   mode: "enforce",
 *   ignore: ["*@disruptive-technologies.com"],
 * });
 * ```
 */
export class ProjectAccess extends DeclaredResource {
  /** The project, `projects/P`. */
  declare readonly project: pulumi.Output<string>;
  /** The emails, in lower case and alphabetical order. */
  declare readonly members: pulumi.Output<readonly string[]>;
  declare readonly mode: pulumi.Output<"report" | "enforce">;
  declare readonly ignore: pulumi.Output<readonly string[] | undefined>;
  /** The roles of each undeclared member, by email, according to the last refresh. Empty after an update. */
  declare readonly undeclared: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: ProjectAccessArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "projectAccess",
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
    checkListAgainstBindings(this, { scope: args.project, ...args, mode: args.mode, ignore: args.ignore });
  }
}
