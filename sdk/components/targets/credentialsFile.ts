import type * as pulumi from "@pulumi/pulumi";
import { removeFile, shell, writeFile } from "./shell.js";
import type { Target } from "./target.js";

export interface CredentialsFileArgs {
  /** The path of the file, relative to the program's folder or, over SSH, to the user's home. `~` is not expanded. */
  path: pulumi.Input<string>;
  /**
   * The file's owner, as an argument of `chown`, such as `erp:erp`.
   * @default the user who runs Pulumi or the SSH session
   */
  owner?: pulumi.Input<string>;
  /**
   * Whether to log in with the file's content before the previous key is deleted. Needs `pulumi-dt` on the file's
   * machine.
   * @default false
   */
  tryLogin?: boolean;
}

/**
 * A JSON file that the vendor's clients read (`DT_CREDENTIALS_FILE`). Only its owner can read it (mode 0600). It is
 * replaced atomically. Systems must read it again at each login.
 *
 * @example
 * ```ts
 * new dt.DeliveredKey("erp", { serviceAccount: account.id, targets: { erp: dt.credentialsFile({ path: "/etc/erp/dt.json" }) } });
 * ```
 */
export const credentialsFile = ({ path, owner, tryLogin = false }: CredentialsFileArgs): Target => ({
  deliver: writeFile(path, owner),
  delete: removeFile(path),
  ...(tryLogin ? { verify: shell`npx --no-install pulumi-dt verify --wait 30s < ${path}` } : {}),
});
