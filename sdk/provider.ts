import * as pulumi from "@pulumi/pulumi";

export interface ProviderArgs {
  /** The id of the service account key to log in with. */
  keyId: pulumi.Input<string>;
  /** The key's secret. Stored as a Pulumi secret, even if you pass it as plaintext. */
  keySecret: pulumi.Input<string>;
  /** The service account's email. Required unless `auth` is `basic`. */
  email?: pulumi.Input<string>;
  /** The base URL of the API. @default config `dt:apiUrl`, then the environment, then Disruptive's cloud */
  apiUrl?: pulumi.Input<string>;
  /**
   * The URL that exchanges the login for a token.
   * @default config `dt:tokenEndpoint`, then the environment, then the endpoint that belongs to `apiUrl`
   */
  tokenEndpoint?: pulumi.Input<string>;
  /** How to log in. `basic` is for development only. @default `oauth2` */
  auth?: pulumi.Input<"oauth2" | "basic">;
  /**
   * The rate limit: `25/5` allows 25 requests in 5 seconds. `off` removes the limit.
   * @default config `dt:rateLimit`, then the environment, then `25/5`
   */
  rateLimit?: pulumi.Input<string>;
}

/**
 * Separate credentials for some resources, such as those of a second service account or of another company. It uses
 * only the credentials that you pass, never those of the environment or the stack configuration.
 *
 * @remarks Pass it to a resource as `{ provider }`. Children inherit it.
 *
 * @example
 * ```ts
 * const companyB = new dt.Provider("company-b", { keyId, keySecret: config.requireSecret("companyB"), email });
 * new dt.ProjectRoleBinding("a-in-b", { project: projectOfB, member: accountOfA.email, role: "project.user" }, { provider: companyB });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * The settings that lookups log in with. A Pulumi secret.
   * @internal
   */
  readonly settings: pulumi.Output<Readonly<Record<string, string | undefined>>>;

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    // Pulumi doesn't pass the stack configuration to an explicit provider. This passes everything but the credentials.
    const config = new pulumi.Config("dt");
    const inherited = (key: string): string | undefined => config.get(key);
    const settings: Record<string, pulumi.Input<string> | undefined> = {
      "dt:explicit": "true",
      "dt:keyId": args.keyId,
      "dt:keySecret": pulumi.secret(args.keySecret),
      "dt:email": args.email,
      "dt:apiUrl": args.apiUrl ?? inherited("apiUrl"),
      "dt:tokenEndpoint": args.tokenEndpoint ?? inherited("tokenEndpoint"),
      "dt:auth": args.auth,
      "dt:rateLimit": args.rateLimit ?? inherited("rateLimit"),
      "dt:asOf": inherited("asOf"),
      "dt:allowInsecure": inherited("allowInsecure"),
    };
    super("pulumi-nodejs", name, settings, opts);
    this.settings = pulumi.output(settings);
  }
}
