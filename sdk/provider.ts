import * as pulumi from "@pulumi/pulumi";

export interface ProviderArgs {
  /** Id of the service account key to log in with. */
  keyId: pulumi.Input<string>;
  /** That key's secret. Kept as a Pulumi secret, also when given in clear. */
  keySecret: pulumi.Input<string>;
  /** The service account's email. Needed unless `auth` is `basic`. */
  email?: pulumi.Input<string>;
  /** Base URL of the API. @default config `dt:apiUrl`, then the environment, then Disruptive's cloud */
  apiUrl?: pulumi.Input<string>;
  /** Where the login is exchanged for a token. @default config `dt:tokenEndpoint`, then the environment, then what belongs to `apiUrl` */
  tokenEndpoint?: pulumi.Input<string>;
  /** `basic` is for development only. @default `oauth2` */
  auth?: pulumi.Input<"oauth2" | "basic">;
  /** Requests at most per seconds, such as `25/5`, or `off`. @default config `dt:rateLimit`, then the environment, then `25/5` */
  rateLimit?: pulumi.Input<string>;
}

/**
 * Credentials of their own for some resources: a second service account, or another company. Give it as `{ provider }`; children
 * inherit it. Its credentials stand alone: neither the environment nor the stack's configuration is mixed in.
 *
 * @example
 * ```ts
 * const companyB = new dt.Provider("company-b", { keyId, keySecret: config.requireSecret("companyB"), email });
 * new dt.ProjectRoleBinding("a-in-b", { project: projectOfB, member: accountOfA.email, role: "project.user" }, { provider: companyB });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * What lookups log in with; a Pulumi secret.
   * @internal
   */
  readonly settings: pulumi.Output<Readonly<Record<string, string | undefined>>>;

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    // An explicit provider gets no stack configuration, so what says where, not who, is handed on here.
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
