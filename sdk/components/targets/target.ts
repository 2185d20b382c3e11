import type * as pulumi from "@pulumi/pulumi";

/** What a key is, as the JSON that the vendor's clients read has it. */
export interface Credentials {
  readonly keyId: string;
  readonly secret: string;
  /** The account's email. */
  readonly email: string;
  /** `HS256` */
  readonly algorithm: string;
  readonly tokenEndpoint: string;
}

/** How to reach another machine over SSH; more is in `@pulumi/command`'s `remote.Command`. */
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
  /** The server's public key. Without it whoever answers is believed. */
  hostKey?: pulumi.Input<string>;
}

/**
 * A place where a key is used. The commands are for a POSIX shell (on Windows, for `cmd`), and run in the program's folder or, with a
 * `connection`, on another machine. No secret is ever in their text or their arguments: it comes on standard input. What they print
 * is dropped, but for errors where they fail.
 */
export interface Target {
  /** Brings new credentials to where they are used; gets them on standard input. Also run when it is itself changed. */
  deliver: pulumi.Input<string>;
  /**
   * Fails as long as the new credentials are not in use, and so keeps the previous key alive; runs after `deliver`, and gets the
   * credentials' JSON on standard input. See `verifyLogin`.
   */
  verify?: pulumi.Input<string>;
  /** Takes back what was delivered, when this target is removed. */
  delete?: pulumi.Input<string>;
  /** Runs the commands on another machine, over SSH. */
  connection?: Connection;
  /** Variables of the commands' environment. No place for secrets. */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Makes what `deliver` gets from the credentials. @default their JSON, as `DT_CREDENTIALS_FILE` has it */
  format?: (credentials: Credentials) => string;
}

/** A target's `verify` that logs in with the credentials. */
export const verifyLogin = "npx --no-install pulumi-dt verify --wait 30s";
