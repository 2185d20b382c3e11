import * as pulumi from "@pulumi/pulumi";
import { ProjectAccess } from "../projectAccess.js";
import { ProjectRoleBinding } from "../projectRoleBinding.js";
import { ServiceAccount } from "../serviceAccount.js";
import type { ServiceAccountKey } from "../serviceAccountKey.js";
import { accountKey, type KeyArgs } from "./accountKey.js";

export interface ClientAccessArgs {
  /** A project of your own for this client, such as "Client B": who administers it can make keys for the client's cloud. */
  project: pulumi.Input<string>;
  /** The client's name, as people read it. */
  client: string;
  /** Your company's name, as the client reads it in its list of members. */
  company: string;
  /** Emails of those that may make and delete keys: administrators of `project`. Whoever else administers it can do so, too. */
  keyMakers?: readonly string[];
  /**
   * What becomes of other members of `project`, who may be making keys, too: `report` shows them as drift, `enforce` removes those that a
   * preview has named. As in `ProjectAccess`.
   * @default nobody looks
   */
  watch?: "report" | "enforce";
  /** How the key is rotated, adopted and delivered; `false` makes none. @default a key that is an output and is never rotated */
  key?: KeyArgs | false;
}

/**
 * Your side of access to another company: an account of your own, "CLIENT Access from COMPANY", whose `email` the client grants
 * roles to. It reaches nothing before the client does, and nothing of yours. Keys rotate without the client.
 *
 * @example
 * ```ts
 * const b = new dt.ClientAccess("client-b", { project: "c15j9p094l47cdv0o3pg", client: "Client B", company: "Company A" });
 * export const handOver = b.email;
 * ```
 */
export class ClientAccess extends pulumi.ComponentResource {
  readonly account: ServiceAccount;
  /** Undefined with `key: false`. */
  readonly key: ServiceAccountKey | undefined;
  /** What the client grants roles to; to be handed over, and no secret. */
  readonly email: pulumi.Output<string>;
  /** A Pulumi secret: the key as the JSON file that the vendor's clients read. Empty with `key: false`. */
  readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: ClientAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:ClientAccess", name, {}, opts);
    const { project, client, company, keyMakers = [], watch } = args;
    const child = { parent: this };

    const displayName = `${client} Access from ${company}`;
    this.account = new ServiceAccount(name, { project, displayName }, child);
    for (const member of new Set(keyMakers)) {
      const binding = { project, member, role: "project.admin" };
      new ProjectRoleBinding(`${name}-${member}`, binding, child);
    }
    if (watch !== undefined) {
      new ProjectAccess(name, { project, members: keyMakers, mode: watch }, child);
    }
    ({ key: this.key, credentials: this.credentials } = accountKey(name, this.account, args.key, child));
    this.email = this.account.email;
    this.registerOutputs({ email: this.email, credentials: this.credentials });
  }
}
