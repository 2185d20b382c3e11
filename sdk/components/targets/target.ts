import type * as pulumi from "@pulumi/pulumi";

/** A key, as in the JSON file that the vendor's clients read. */
export interface Credentials {
  readonly keyId: string;
  readonly secret: string;
  /** The account's email. */
  readonly email: string;
  /** `HS256` */
  readonly algorithm: string;
  readonly tokenEndpoint: string;
}

/** How to connect to another machine over SSH. For details, see `remote.Command` in `@pulumi/command`. */
export interface Connection {
  host: pulumi.Input<string>;
  /** @default 22 */
  port?: pulumi.Input<number>;
  user?: pulumi.Input<string>;
  password?: pulumi.Input<string>;
  /** The text of a private key. */
  privateKey?: pulumi.Input<string>;
  privateKeyPassword?: pulumi.Input<string>;
  agentSocketPath?: pulumi.Input<string>;
  /** The server's public key. Without it, any server that answers is trusted. */
  hostKey?: pulumi.Input<string>;
}

/**
 * A place where a key is used. The commands run in a POSIX shell (on Windows, in `cmd`), in the program's folder or,
 * with a `connection`, on another machine. They get the secret on standard input, never in their text or arguments.
 * Their output is dropped, except the error output of a failed command.
 */
export interface Target {
  /** Delivers new credentials, which it gets on standard input. Also runs when the command itself changes. */
  deliver: pulumi.Input<string>;
  /**
   * Checks that the new credentials are in use. It runs after `deliver` and gets the credentials JSON on standard
   * input. As long as it fails, the previous key is not deleted. See `verifyLogin`.
   */
  verify?: pulumi.Input<string>;
  /** Removes the delivered credentials. Runs when this target is removed. */
  delete?: pulumi.Input<string>;
  /** Runs the commands on another machine, over SSH. */
  connection?: Connection;
  /** Environment variables for the commands. Don't put secrets here. */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Converts the credentials to the text that `deliver` gets. @default the JSON that `DT_CREDENTIALS_FILE` contains */
  format?: (credentials: Credentials) => string;
}

/** A target's `verify` that logs in with the credentials. */
export const verifyLogin = "npx --no-install pulumi-dt verify --wait 30s";
