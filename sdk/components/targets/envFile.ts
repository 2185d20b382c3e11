import type * as pulumi from "@pulumi/pulumi";
import { removeFile, writeFile } from "./shell.js";
import type { Credentials, Target } from "./target.js";

export interface EnvFileArgs {
  /** Where the file is; relative to the program's folder, or, over SSH, to the user's home. No `~`. */
  path: pulumi.Input<string>;
  /** Who is to own it, as `chown` takes it, such as `erp:erp`. @default whoever runs Pulumi */
  owner?: pulumi.Input<string>;
  /** What the variables are called. @default `DT_SERVICE_ACCOUNT_KEY_ID`, `DT_SERVICE_ACCOUNT_SECRET`, `DT_SERVICE_ACCOUNT_EMAIL` */
  names?: { readonly keyId: string; readonly secret: string; readonly email: string };
}

const vendorsNames = {
  keyId: "DT_SERVICE_ACCOUNT_KEY_ID",
  secret: "DT_SERVICE_ACCOUNT_SECRET",
  email: "DT_SERVICE_ACCOUNT_EMAIL",
};

/**
 * A file of `NAME=value` lines, as systemd's `EnvironmentFile` and `docker run --env-file` read it, for its owner alone (0600), and
 * replaced as a whole. A program sees the new values when it is started again.
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

/** Readers of such files differ in how they quote, so what needs quotes is refused. */
function plain(field: "keyId" | "secret" | "email", credentials: Credentials): string {
  if (/^[\w@.+/:-]+$/.test(credentials[field])) return credentials[field];
  throw new Error(`the key's ${field} can't be written to an env file: use credentialsFile`);
}
