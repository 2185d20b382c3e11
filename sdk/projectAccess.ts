import * as pulumi from "@pulumi/pulumi";
import { declareList } from "./agreement.js";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:ProjectAccess";

/** What the lists of a project's and of an organization's members have in common. */
export interface AccessListArgs {
  /**
   * Emails of all that may be members, in any case of letters and order: those that bindings declare, here or in other stacks, and
   * those that nobody declares. Their roles are the bindings' matter.
   */
  members: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * `report` shows every other member as drift of `undeclared` in `pulumi preview --refresh`, and removes nobody. `enforce` removes
   * those that a preview has named: never anybody who came after it, and never the identity that Pulumi itself runs as.
   * @default "report"
   */
  mode?: pulumi.Input<"report" | "enforce">;
  /**
   * Patterns of emails that are not this list's matter, such as `*@example.com`: `*` is any text, `{a,b}` either, `?` one character;
   * in any case of letters. A leading `!` means nothing special.
   */
  ignore?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

export interface ProjectAccessArgs extends AccessListArgs {
  /** The project to watch, as a bare id or `projects/ID`. */
  project: pulumi.Input<string>;
}

/**
 * The whole list of a project's members: whoever else is there is shown, or removed. It grants nothing, stands beside the bindings
 * that do, and destroying it removes nobody. The organization's administrators are no members of its projects and do not count.
 * One list a project: two would each want to be the whole.
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
  /** `projects/P` */
  declare readonly project: pulumi.Output<string>;
  /** In lower case and alphabetical order. */
  declare readonly members: pulumi.Output<readonly string[]>;
  declare readonly mode: pulumi.Output<"report" | "enforce">;
  declare readonly ignore: pulumi.Output<readonly string[] | undefined>;
  /** Members that are not declared, with their roles, by email, as the last refresh saw them; empty after an update. */
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
    declareList(this, { scope: args.project, ...args, mode: args.mode, ignore: args.ignore });
  }
}
