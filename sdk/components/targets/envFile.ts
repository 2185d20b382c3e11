import type * as pulumi from "@pulumi/pulumi";
import { removeFile, writeFile } from "./shell.js";
import type { Credentials, Target } from "./target.js";

export interface EnvFileArgs {
  /** The path of the file, relative to the program's folder or, over SSH, to the user's home. `~` is not expanded. */
  path: pulumi.Input<string>;
  /**
   * The file's owner, as an argument of `chown`, such as `erp:erp`.
   * @default the user who runs Pulumi or the SSH session
   */
  owner?: pulumi.Input<string>;
  /**
   * The names of the variables.
   * @default `DT_SERVICE_ACCOUNT_KEY_ID`, `DT_SERVICE_ACCOUNT_SECRET`, `DT_SERVICE_ACCOUNT_EMAIL`
   */
  names?: { readonly keyId: string; readonly secret: string; readonly email: string };
}

const vendorsNames = {
  keyId: "DT_SERVICE_ACCOUNT_KEY_ID",
  secret: "DT_SERVICE_ACCOUNT_SECRET",
  email: "DT_SERVICE_ACCOUNT_EMAIL",
};

/**
 * A file of `NAME=value` lines for systemd's `EnvironmentFile` or `docker run --env-file`. Only its owner can read it
 * (mode 0600). It is replaced atomically. A program sees the new values after a restart.
 *
 * @example
 * ```ts
 * const targets = { erp: { ...dt.envFile({ path: "/etc/erp/dt.env" }), verify: "systemctl restart erp" } };
 * ```
 */
export const envFile = ({ path, owner, names = vendorsNames }: EnvFileArgs): Target => ({
  deliver: writeFile(path, owner),
  delete: removeFile(path),
  format: (credentials) =>
    (["keyId", "secret", "email"] as const)
      .map((field) => `${names[field]}=${plain(field, credentials)}\n`)
      .join(""),
});

/** Refuses values that need quotes, because the readers of such files treat quotes differently. */
function plain(field: "keyId" | "secret" | "email", credentials: Credentials): string {
  if (/^[\w@.+/:-]+$/.test(credentials[field])) return credentials[field];
  throw new Error(`the key's ${field} can't be written to an env file: use credentialsFile`);
}
