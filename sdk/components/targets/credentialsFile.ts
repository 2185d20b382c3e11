import type * as pulumi from "@pulumi/pulumi";
import { removeFile, shell, writeFile } from "./shell.js";
import type { Target } from "./target.js";

export interface CredentialsFileArgs {
  /** Where the file is; relative to the program's folder, or, over SSH, to the user's home. No `~`. */
  path: pulumi.Input<string>;
  /** Who is to own it, as `chown` takes it, such as `erp:erp`. @default whoever runs Pulumi */
  owner?: pulumi.Input<string>;
  /** Logs in with what the file holds before the previous key may go. Needs `pulumi-dt` where the file is. @default false */
  tryLogin?: boolean;
}

/**
 * A JSON file as the vendor's clients read it (`DT_CREDENTIALS_FILE`), for its owner alone (0600), and replaced as a whole.
 * Consumers are to read it again at each login.
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
