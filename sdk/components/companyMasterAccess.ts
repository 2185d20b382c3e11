import * as pulumi from "@pulumi/pulumi";
import { OrgAdminBinding } from "../orgAdminBinding.js";
import { ServiceAccount } from "../serviceAccount.js";
import type { ServiceAccountKey } from "../serviceAccountKey.js";
import { accountKey, type KeyArgs } from "./accountKey.js";

export interface CompanyMasterAccessArgs {
  /** The organization to administer, as a bare id or `organizations/ID`. */
  organization: pulumi.Input<string>;
  /**
   * The project that owns the account. Its administrators can create keys of the account and so have the same access.
   */
  home: pulumi.Input<string>;
  /** The account's name, which people see. @default "Company Master Access" */
  displayName?: pulumi.Input<string>;
  /**
   * How to rotate, adopt and deliver the key. `false` creates no key.
   * @default a key that is an output and is never rotated
   */
  key?: KeyArgs | false;
}

/**
 * One account that administers an organization. It is project administrator in every project, including future ones,
 * and it can add and remove any member. Each run prints a warning about that. Destroying it never removes the
 * organization's last administrator or the identity that Pulumi runs as.
 *
 * @example
 * ```ts
 * const master = new dt.CompanyMasterAccess("master", { organization: "c11humqoss9000pgu53g", home: "c14u9q095l47ccv1o3pg" });
 * export const credentials = master.credentials; // shown as [secret]
 * ```
 */
export class CompanyMasterAccess extends pulumi.ComponentResource {
  readonly account: ServiceAccount;
  readonly binding: OrgAdminBinding;
  /** Undefined with `key: false`. */
  readonly key: ServiceAccountKey | undefined;
  /** The account's email. */
  readonly email: pulumi.Output<string>;
  /** The key as the JSON file that the vendor's clients read. A Pulumi secret. Empty with `key: false`. */
  readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: CompanyMasterAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:CompanyMasterAccess", name, {}, opts);
    const { organization, home, displayName = "Company Master Access" } = args;
    const child = { parent: this };

    this.account = new ServiceAccount(name, { project: home, displayName }, child);
    this.email = this.account.email;
    this.binding = new OrgAdminBinding(name, { organization, member: this.email }, child);
    ({ key: this.key, credentials: this.credentials } = accountKey(name, this.account, args.key, child));
    this.registerOutputs({ email: this.email, credentials: this.credentials });

    pulumi
      .output(organization)
      .apply((company) =>
        pulumi.log.warn(
          `${name} administers ${company}: anyone who has its key, or administers its home project, can access every project of the ` +
            "company, present and future, and can add and remove anybody. Give systems a SystemAccess instead where that serves",
          this,
        ),
      );
  }
}
